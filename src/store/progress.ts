// How far a run is: its rows counted as they stand.
import { z } from 'zod';
import type { Progress } from '../domain/progress.ts';
import { rowState } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

const TOP_FAILURES = 10;

const progressRow = z.object({
  eligible: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  notReached: z.number(),
  sent: z.number(),
  held: z.number(),
  skippedAtTurn: z.record(z.string(), z.number()),
  perSecond: z.number().nullable(),
  ranSeconds: z.number().nullable(),
});

/** The batch's rows counted as they stand. Throws as `Tx.query` does. */
export async function progressOf(tx: Tx, batchId: string): Promise<Progress> {
  const counts = await row(
    tx,
    progressRow,
    // Only what is counted: the rows are kept aside, and all of each would not fit into memory. The rate is of what was replayed
    // since the run was last let go, by a person or the brake: before that it stood.
    `with t as materialized (
       select ${rowState('p')} as state, outcome_reason, done_at
       from retry_batch.plan_rows p where batch_id = $1 and skip_reason is null),
     recent as (
       select count(*) as n, extract(epoch from max(done_at) - min(done_at))::float8 as seconds
       from (select done_at from t where state in ('succeeded', 'failed', 'skipped')
           and done_at >= (select greatest(b.running_since, brake.changed_at)
             from retry_batch.batches b, retry_batch.brake where b.id = $1)
         order by done_at desc limit 100) last_hundred)
     select b.eligible, count(state) filter (where state = 'succeeded') as succeeded,
       count(state) filter (where state = 'failed') as failed,
       -- A call over HTTP stores what it tries, and does not reach the rest.
       count(state) filter (where state = 'not_reached')
         + case when b.ended_at is null then 0 else b.eligible - count(state) end as "notReached",
       count(state) filter (where state = 'sent') as sent, count(state) filter (where state = 'held') as held,
       (select coalesce(jsonb_object_agg(outcome_reason, n), '{}') from (
         select outcome_reason, count(*) as n from t where state = 'skipped' group by 1) r) as "skippedAtTurn",
       (select case when n > 1 and seconds > 0 then (n - 1) / seconds end from recent) as "perSecond",
       -- Of a run that ended under a release that did not keep it, start and end.
       case when b.running_since is null then coalesce(b.ran_seconds, extract(epoch from b.ended_at - b.started_at)::float8)
         else coalesce(b.ran_seconds, 0) + extract(epoch from now() - b.running_since)::float8 end as "ranSeconds"
     from retry_batch.batches b left join t on true where b.id = $1 group by b.id`,
    [batchId],
  );
  const failures = await rows(
    tx,
    z.object({ group: z.string(), count: z.number() }),
    `select outcome_error_group as "group", count(*) as count from retry_batch.plan_rows
     where batch_id = $1 and outcome = 'error' group by 1 order by 2 desc, 1 limit ${TOP_FAILURES}`,
    [batchId],
  );
  return { ...counts, failures };
}
