// A dry run classified on a read replica: the primary keeps its room for live traffic and only stores the rows. The
// replica must first have what the primary had when the dry run was asked for; where it hasn't, or has other trouble,
// the primary does it all. What a replica does not know yet can do no harm: each row is judged again at its turn.
import { z } from 'zod';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { COLUMNS, type PlanRows, planned, type Written, writeHere } from './plan-rows.ts';

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

/** Not trouble of the replica: the dry run took longer than it may, and would on the primary too. */
const TOO_SLOW = 'statement timeout';

/** Stores the plan's rows through `tx` on the primary, as the replica classified them. Null: more than allowed. */
export async function writeFrom(replica: Replica, tx: Tx, plan: PlanRows): Promise<Written | null> {
  await tx.query('savepoint replica');
  try {
    return await copyFrom(replica, tx, plan);
  } catch (error) {
    if (!(error instanceof InfrastructureTrouble) || error.message.includes(TOO_SLOW)) throw error;
    // Where the trouble is the primary's, this fails too.
    await tx.query('rollback to savepoint replica');
    replica.onPassedOver(error.message);
    return writeHere(tx, plan);
  }
}

async function copyFrom(replica: Replica, tx: Tx, plan: PlanRows): Promise<Written | null> {
  const wanted = await row(
    tx,
    z.object({ lsn: z.string() }),
    'select pg_current_wal_flush_lsn()::text as lsn',
  );
  return replica.transaction(async (read) => {
    const waitedMs = await catchUp(replica, read, wanted.lsn);
    const { text, select, values } = planned(plan);
    await read.query(
      `declare planned no scroll cursor for ${text} select to_json(p)::text as "row" from (${select}) p`,
      values,
    );
    let matched = 0;
    for (;;) {
      const bite = await rows(read, z.object({ row: z.string() }), `fetch ${BITE} from planned`);
      await store(tx, plan.batchId, `[${bite.map((one) => one.row).join(',')}]`);
      matched += bite.length;
      if (matched > plan.maxRows) return null;
      if (bite.length < BITE) return { matched, replica: { behindMs: waitedMs } };
    }
  });
}

async function store(tx: Tx, batchId: string, json: string): Promise<void> {
  await tx.query(
    `insert into retry_batch.plan_rows (batch_id, ${COLUMNS})
     select $1, ${COLUMNS} from json_populate_recordset(null::retry_batch.plan_rows, $2)`,
    [batchId, json],
  );
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
