// Rows that a canary or a breaker keeps back, and what the breaker judges by.
import { z } from 'zod';
import { cameBack, rowIs } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { evidenceText } from './evidence.ts';

export type RowsToHold = {
  readonly batchId: string;
  readonly vendorId: number;
  /** Null for all of the vendor's. */
  readonly errorGroup: string | null;
  readonly because: string;
  /** The error that the sentence names. */
  readonly error: string;
};

/** Keeps back a vendor's rows that may still have their turn; answers how many. Throws as `Tx.query` does. */
export async function hold(
  tx: Tx,
  { batchId, vendorId, errorGroup, because, error }: RowsToHold,
): Promise<number> {
  const held = await tx.query(
    // A row that is just being replayed is locked and is skipped: its replay ends as it ends.
    `update retry_batch.plan_rows p set held_because = $4, held_for = retry_batch.error_group(null, $5)
     from (select t.position from retry_batch.plan_rows t
       where t.batch_id = $1 and t.vendor_id = $2 and ($3::text is null or coalesce(t.error_group, '') = $3)
         and ${rowIs('t', 'open', 'deferred')}
       for update skip locked) open
     where p.batch_id = $1 and p.position = open.position`,
    [batchId, vendorId, errorGroup, because, error],
  );
  return held.rowCount;
}

/** Behind these the breaker counts anew. */
const COUNTED_ANEW = ['paused', 'resumed', 'continued_anyway', 'retried_held'];

const latestRow = z.object({
  action: z.string(),
  vendorId: z.number().nullable(),
  error: z.string().nullable(),
  original: z.boolean(),
});

/** One replay as the breaker sees it: its vendor, and the group of its error; null for a success. */
export type LatestReplay = {
  readonly vendorId: number;
  readonly error: string | null;
  /** The error is the one that the row had in the plan. */
  readonly original: boolean;
};

/**
 * What replays of the run came to, in whichever process, newest first, without the canaries: those among its latest
 * `events` events, back to where it was last paused or let go on. Throws as `Tx.query` does.
 */
export async function latestReplays(tx: Tx, batchId: string, events: number): Promise<LatestReplay[]> {
  const latest = await rows(
    tx,
    latestRow,
    `with latest as (
       select id, action, ${evidenceText('replayed', 'position')}::integer as position from retry_batch.events
       where batch_id = $1 order by id desc limit $2)
     select latest.action, t.vendor_id as "vendorId", t.outcome_error_group as error,
       ${cameBack('t')} as original
     from latest left join retry_batch.plan_rows t
       on t.batch_id = $1 and t.position = latest.position and t.outcome in ('success', 'error')
         -- What a canary showed has been decided for its group.
         and not exists (select from retry_batch.run_groups g
           where g.batch_id = $1 and g.canary_position = t.position)
     order by latest.id desc`,
    [batchId, events],
  );
  const anew = latest.findIndex(({ action }) => COUNTED_ANEW.includes(action));
  return latest
    .slice(0, anew < 0 ? latest.length : anew)
    .flatMap(({ vendorId, error, original }) => (vendorId === null ? [] : [{ vendorId, error, original }]));
}

/**
 * Gives everything that is held its turn again. Held rows of a run that has ended count as not reached; they become open again. Whatever held them, each of their
 * groups gets a new canary where those are wanted, up to `canaries` of them; without, their groups have passed. Answers
 * how many rows. Throws as `Tx.query` does.
 */
export async function release(tx: Tx, batchId: string, canaries: number): Promise<number> {
  await tx.query(
    `update retry_batch.run_groups set verdict = 'passed' where batch_id = $1 and verdict = 'held'`,
    [batchId],
  );
  const { released } = await row(
    tx,
    z.object({ released: z.number() }),
    `with released as (
       update retry_batch.plan_rows t
       set held_because = null, held_for = null, outcome = null, outcome_detail = null, done_at = null, locked_at = null
       where batch_id = $1 and ${rowIs('t', 'held')}
       returning vendor_id, coalesce(error_group, '') as error_group, position
     ), chosen as (
       insert into retry_batch.run_groups (batch_id, vendor_id, error_group, canary_position)
       select $1, vendor_id, error_group, min(position) from released
       group by 2, 3 order by count(*) desc, min(position) limit $2
       on conflict (batch_id, vendor_id, error_group)
         do update set verdict = null, canary_position = excluded.canary_position
     )
     select count(*) as released from released`,
    [batchId, canaries],
  );
  return released;
}
