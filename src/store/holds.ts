// Canaries and what is kept back: groups of a run with their verdicts, rows that are held, runs nobody answers.
import { z } from 'zod';
import type { Canary, CanaryOutcome, Holds } from '../engine/ports.ts';
import type { Observed } from '../engine/run/breaker.ts';
import { maybeRow, row, rows, type Tx } from '../postgres/tx.ts';

/** SQL: a row that may still have its turn. */
const OPEN = `t.skip_reason is null and t.outcome is null and t.held_because is null`;

const canaryRow = z.object({ vendorId: z.number(), errorGroup: z.string(), position: z.number() });

export const holds: Holds = {
  chooseCanaries: async (tx, batchId, most) => {
    await tx.query(
      `insert into retry_batch.run_groups (batch_id, vendor_id, error_group, canary_position)
       select $1, t.vendor_id, coalesce(t.error_group, ''), min(t.position)
       from retry_batch.plan_rows t
       where t.batch_id = $1 and ${OPEN} and not exists (select from retry_batch.run_groups where batch_id = $1)
       group by 2, 3 order by count(*) desc, min(t.position) limit $2
       on conflict do nothing`,
      [batchId, most],
    );
  },
  pendingCanaries: (tx, batchId) =>
    rows(
      tx,
      canaryRow,
      `select vendor_id as "vendorId", error_group as "errorGroup", canary_position as position
       from retry_batch.run_groups where batch_id = $1 and verdict is null order by canary_position`,
      [batchId],
    ),
  canaryOutcome,
  judgeGroup: async (tx, batchId, canary, verdict) => {
    const judged = await tx.query(
      `update retry_batch.run_groups set verdict = $5
       where batch_id = $1 and vendor_id = $2 and error_group = $3 and canary_position = $4 and verdict is null`,
      [batchId, canary.vendorId, canary.errorGroup, canary.position, verdict],
    );
    return judged.rowCount === 1;
  },
  nextCanary: async (tx, batchId, canary) => {
    const moved = await tx.query(
      `with next as (
         select min(t.position) as position from retry_batch.plan_rows t
         where t.batch_id = $1 and t.vendor_id = $2 and coalesce(t.error_group, '') = $3 and ${OPEN}
           and t.locked_at is null)
       update retry_batch.run_groups g set canary_position = next.position
       from next where g.batch_id = $1 and g.vendor_id = $2 and g.error_group = $3 and next.position is not null
         and g.canary_position = $4`,
      [batchId, canary.vendorId, canary.errorGroup, canary.position],
    );
    return moved.rowCount === 1;
  },
  verdicts: (tx, batchId) =>
    row(
      tx,
      z.object({ passed: z.number(), held: z.number(), pending: z.number() }),
      `select count(*) filter (where verdict = 'passed') as passed, count(*) filter (where verdict = 'held') as held,
         count(*) filter (where verdict is null) as pending
       from retry_batch.run_groups where batch_id = $1`,
      [batchId],
    ),
  hold: async (tx, { batchId, vendorId, errorGroup, because }) => {
    const held = await tx.query(
      // A row that is just being replayed is locked and is skipped: its replay ends as it ends.
      `update retry_batch.plan_rows p set held_because = $4
       from (select t.position from retry_batch.plan_rows t
         where t.batch_id = $1 and t.vendor_id = $2 and ($3::text is null or coalesce(t.error_group, '') = $3) and ${OPEN}
         for update skip locked) open
       where p.batch_id = $1 and p.position = open.position`,
      [batchId, vendorId, errorGroup, because],
    );
    return held.rowCount;
  },
  latestReplays,
  release,
  unanswered: (tx, remindAfterSeconds, stopAfterSeconds) =>
    rows(
      tx,
      z.object({ batchId: z.string(), due: z.enum(['reminder', 'stop']) }),
      `select id as "batchId",
         case when held_at < now() - make_interval(secs => $2) then 'stop' else 'reminder' end as due
       from retry_batch.batches
       where status = 'paused' and held_by ->> 'kind' = 'system'
         and (held_at < now() - make_interval(secs => $2)
           or (held_at < now() - make_interval(secs => $1) and reminded_at is null))
       order by held_at limit 100`,
      [remindAfterSeconds, stopAfterSeconds],
    ),
  reminded: async (tx, batchId) => {
    const noted = await tx.query(
      `update retry_batch.batches set reminded_at = now() where id = $1 and status = 'paused' and reminded_at is null`,
      [batchId],
    );
    return noted.rowCount === 1;
  },
};

/** A success counts only with its project and its history entry in OnRamp's own tables. */
async function canaryOutcome(tx: Tx, batchId: string, canary: Canary): Promise<CanaryOutcome> {
  const found = await maybeRow(
    tx,
    z.object({ outcome: z.string().nullable(), putOff: z.boolean(), error: z.string(), proven: z.boolean() }),
    `select t.outcome, t.locked_at is not null as "putOff",
       concat_ws(': ', t.outcome_error_type, left(t.outcome_error_message, 300)) as error,
       exists (select from or_projects p where p.execution_id = t.execution_id and p.project_uuid = t.project_uuid)
       and exists (select from or_workflow_history h where h.execution_id = t.execution_id
         and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and h.details ->> 'batch_id' = $1::uuid::text) as proven
     from retry_batch.plan_rows t where t.batch_id = $1 and t.position = $2`,
    [batchId, canary.position],
  );
  if (found === undefined) return { kind: 'unproven' };
  if (found.outcome === 'success') {
    return found.proven ? { kind: 'passed' } : { kind: 'failed', error: 'no project or no history entry' };
  }
  if (found.outcome === 'error') return { kind: 'failed', error: found.error };
  return found.outcome !== null || found.putOff ? { kind: 'unproven' } : { kind: 'open' };
}

/** Behind these the breaker counts anew. */
const COUNTED_ANEW = ['paused', 'resumed', 'continued_anyway', 'retried_held'];

async function latestReplays(tx: Tx, batchId: string, events: number): Promise<Observed[]> {
  const latest = await rows(
    tx,
    z.object({ action: z.string(), vendorId: z.number().nullable(), error: z.string().nullable() }),
    `with latest as (
       select id, action, (evidence ->> 'position')::integer as position from retry_batch.events
       where batch_id = $1 order by id desc limit $2)
     select latest.action, t.vendor_id as "vendorId", t.outcome_error_group as error
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
    .flatMap(({ vendorId, error }) => (vendorId === null ? [] : [{ vendorId, error }]));
}

/**
 * Held rows of a run that has ended count as not reached; they become open again. Whatever held them, each of their
 * groups gets a new canary where those are wanted, up to `canaries` of them; without, their groups have passed.
 */
async function release(tx: Tx, batchId: string, canaries: number): Promise<number> {
  await tx.query(
    `update retry_batch.run_groups set verdict = 'passed' where batch_id = $1 and verdict = 'held'`,
    [batchId],
  );
  const { released } = await row(
    tx,
    z.object({ released: z.number() }),
    `with released as (
       update retry_batch.plan_rows
       set held_because = null, outcome = null, outcome_detail = null, done_at = null, locked_at = null
       where batch_id = $1 and held_because is not null
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
