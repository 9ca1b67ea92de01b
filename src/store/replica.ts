// A dry run classified on a read replica: the primary keeps its room for live traffic and only stores the rows. The
// replica must first have what the primary had when the dry run was asked for; where it hasn't, or has other trouble,
// the primary does it all. What a replica does not know yet can do no harm: each row is judged again at its turn.
import { z } from 'zod';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { type PlanRows, planned, storeJson, type Written, writeHere } from './plan-rows.ts';

export type Replica = {
  /** Runs `work` in a transaction on the replica, with the time-outs of planning. */
  readonly transaction: <Result>(work: (read: Tx) => Promise<Result>) => Promise<Result>;
  readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> };
  /** Why a dry run was classified on the primary after all. */
  readonly onPassedOver: (why: string) => void;
};

/** How long a dry run waits for the replica to catch up. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;

/** Rows that are in memory at once. */
const BITE = 2000;

/**
 * Not trouble of the replica: the dry run took longer than it may, or somebody canceled it, and would on the primary too. By
 * its code, since a server may speak another language.
 */
const CANCELED = '57014';

/**
 * Runs `work` on the replica, with how far that was behind, or `here` on the primary where the replica has trouble; what
 * `work` wrote through `tx` on the primary until then is taken back. Throws what they throw.
 */
export async function onReplica<Result>(
  replica: Replica,
  tx: Tx,
  work: (read: Tx, behind: { readonly behindMs: number }) => Promise<Result>,
  here: () => Promise<Result>,
): Promise<Result> {
  await tx.query('savepoint replica');
  try {
    const { lsn } = await row(
      tx,
      z.object({ lsn: z.string() }),
      'select pg_current_wal_flush_lsn()::text as lsn',
    );
    return await replica.transaction(async (read) =>
      work(read, { behindMs: await catchUp(replica, read, lsn) }),
    );
  } catch (error) {
    if (!(error instanceof InfrastructureTrouble) || error.sqlState === CANCELED) throw error;
    // Where the trouble is the primary's, this fails too.
    await tx.query('rollback to savepoint replica');
    replica.onPassedOver(error.message);
    return here();
  }
}

/**
 * Stores every row of the plan through `tx` on the primary, as the replica classified them. Null: more than allowed. Throws
 * as `Tx.query` does.
 */
export async function writeFrom(replica: Replica, tx: Tx, plan: PlanRows): Promise<Written | null> {
  const copy = (read: Tx, behind: { readonly behindMs: number }) => copyRows(read, tx, plan, behind);
  return onReplica(replica, tx, copy, () => writeHere(tx, plan));
}

async function copyRows(
  read: Tx,
  tx: Tx,
  plan: PlanRows,
  replica: Written['replica'],
): Promise<Written | null> {
  const { text, select, values } = planned(plan);
  await read.query(
    `declare planned no scroll cursor for ${text} select to_json(p)::text as "row" from (${select}) p`,
    values,
  );
  let matched = 0;
  for (;;) {
    const bite = await rows(read, z.object({ row: z.string() }), `fetch ${BITE} from planned`);
    await storeJson(tx, plan.batchId, `[${bite.map((one) => one.row).join(',')}]`);
    matched += bite.length;
    if (matched > plan.maxRows) return null;
    if (bite.length < BITE) return { matched, replica };
  }
}

/** Waits until the replica has replayed the primary's log up to `lsn`; answers how long that took. */
async function catchUp({ clock }: Replica, read: Tx, lsn: string): Promise<number> {
  const began = clock.now();
  for (;;) {
    const { standby, caughtUp } = await row(
      read,
      z.object({ standby: z.boolean(), caughtUp: z.boolean().nullable() }),
      `select pg_is_in_recovery() as standby, pg_last_wal_replay_lsn() >= $1::pg_lsn as "caughtUp"`,
      [lsn],
    );
    const waitedMs = clock.now() - began;
    if (!standby) throw passedOver('DATABASE_READ_URL is no standby: it takes writes itself');
    if (caughtUp === true) return waitedMs;
    if (waitedMs >= PATIENCE_MS) throw passedOver(`the replica is more than ${PATIENCE_MS / 1000} s behind`);
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function passedOver(why: string): InfrastructureTrouble {
  return new InfrastructureTrouble(why, null, null);
}
