// The closing equation, counted from the batch's rows and again from or_projects and or_workflow_history.
import { z } from 'zod';
import { type Evidence, readEvidence } from '../domain/audit.ts';
import { count, counted } from '../domain/numbers.ts';
import type { Tally, Verification } from '../domain/outcome.ts';
import { balances, equation } from '../domain/outcome.ts';
import type { ReplayedBy } from '../domain/plan.ts';
import { rowState } from '../domain/row-state.ts';
import { row, rows, type Tx, together } from '../postgres/tx.ts';

const tally = z.object({
  matched: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  skipped: z.number(),
  notReached: z.number(),
});

const recountRow = z.object({
  planned: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  withoutProject: z.number(),
  severalProjects: z.number(),
  notSuccess: z.number(),
  historyWithoutRow: z.number(),
  withoutHistory: z.number(),
});

/** What was counted when the batch last ended, out of the audit trail; null where it hasn't. Throws as `Tx.query` does. */
export async function closingOf(tx: Tx, batchId: string): Promise<Evidence['finished'] | null> {
  const [found] = await rows(
    tx,
    z.object({ evidence: z.unknown() }),
    `select evidence from retry_batch.events where batch_id = $1 and action = 'finished' order by id desc limit 1`,
    [batchId],
  );
  return found === undefined ? null : readEvidence('finished', found.evidence);
}

/** What each of these batches came to when it last ended; those that have not are not in it. Throws as `Tx.query` does. */
export async function closingsOf(tx: Tx, batchIds: readonly string[]): Promise<ReadonlyMap<string, Tally>> {
  const found = await rows(
    tx,
    z.object({ id: z.string(), evidence: z.unknown() }),
    `select b.id, e.evidence from unnest($1::uuid[]) as b (id)
     cross join lateral (select evidence from retry_batch.events e where e.batch_id = b.id and e.action = 'finished'
       order by e.id desc limit 1) e`,
    [[...batchIds]],
  );
  const read = found.map(({ id, evidence }) => [id, readEvidence('finished', evidence)?.recounted] as const);
  return new Map(read.flatMap(([id, tally]) => (tally === undefined ? [] : [[id, tally] as const])));
}

const PROJECTS = `cross join lateral (
    select count(*) as projects, bool_or(p.project_uuid = t.project_uuid) as ours
    from or_projects p where p.execution_id = t.execution_id) p`;

/**
 * SQL: the rows that were to be replayed, as OnRamp's tables show them. Row by row over their indexes: the planner knows
 * nothing yet of rows that were written a moment ago, and what it takes for one row to be joined with one may be a hundred
 * thousand with as many.
 */
const SEEN: Readonly<Record<ReplayedBy, string>> = {
  database: `with seen as (
    select t.outcome, e.status_code, h.successes, h.failures, h.others, p.projects, p.ours, false as told
    from retry_batch.plan_rows t
    left join or_ramp_executions e on e.id = t.execution_id
    cross join lateral (
      select count(*) filter (where found.outcome = 'success') as successes,
        count(*) filter (where found.outcome = 'error') as failures,
        count(*) filter (where found.outcome is distinct from t.outcome) as others
      from (select h.details ->> 'outcome' as outcome from or_workflow_history h
        where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'
          and h.details ->> 'batch_id' = $1::uuid::text offset 0) found) h
    ${PROJECTS}
    where t.batch_id = $1 and t.skip_reason is null)`,
  // The endpoint's entries know nothing of batches and outcomes: there are more of them than when the row was first sent. Of a
  // row that was replayed again since it got its outcome, by another batch or another program, this run's own word is taken.
  endpoint: `with seen as (
    select t.outcome, e.status_code,
      case when again then t.outcome = 'success' else p.projects > 0 and done and coalesce(t.outcome <> 'skipped', true) end::integer
        as successes,
      case when again then t.outcome = 'error' else entered and not (p.projects > 0 and done) end::integer as failures,
      (entered and not again and coalesce(t.outcome not in ('success', 'error'), true))::integer as others,
      p.projects, p.ours, not entered and t.outcome in ('success', 'error') as told
    from retry_batch.plan_rows t
    left join or_ramp_executions e on e.id = t.execution_id
    cross join lateral (select coalesce(e.status_code = 'SUCCESS', false) as done, count(*) > t.history_before as entered,
        coalesce(count(*) > t.history_after, false) as again
      from or_workflow_history h
      where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED') h
    ${PROJECTS}
    where t.batch_id = $1 and t.skip_reason is null and t.history_before is not null)`,
};

const LOOK = `select (select (summary ->> 'matched')::bigint from retry_batch.batches where id = $1) as planned,
    coalesce(sum(successes) filter (where projects > 0), 0)::bigint as succeeded,
    coalesce(sum(failures), 0)::bigint as failed,
    count(*) filter (where outcome = 'success' and ours is not true) as "withoutProject",
    count(*) filter (where outcome = 'success' and projects > 1) as "severalProjects",
    count(*) filter (where outcome = 'success' and status_code <> 'SUCCESS') as "notSuccess",
    coalesce(sum(others), 0)::bigint as "historyWithoutRow", count(*) filter (where told) as "withoutHistory"
  from seen`;

/**
 * Counts success and failure again from or_projects, or_workflow_history and the executions themselves. Every
 * difference becomes one sentence; none of the bot's own counters is believed. Throws as `Tx.query` does.
 */
export async function recount(tx: Tx, batchId: string, replayedBy: ReplayedBy): Promise<Verification> {
  const counting = row(
    tx,
    tally,
    // A call over HTTP stores what it lists or tries: what the plan skipped, and what was never begun, its summary knows.
    // What it stored has to be there all the same.
    `with b as (
       select door = 'http' as listed, (summary ->> 'matched')::bigint as matched,
         (summary ->> 'skipped')::bigint as skipped, eligible, least(eligible, chunk_size) as to_try
       from retry_batch.batches where id = $1),
     t as (
       select skip_reason is not null as by_plan, ${rowState('p')} as state
       from retry_batch.plan_rows p where batch_id = $1),
     c as (
       select count(*) as matched, count(*) filter (where by_plan) as skipped,
         count(*) filter (where state = 'succeeded') as succeeded, count(*) filter (where state = 'failed') as failed,
         count(*) filter (where state = 'skipped' and not by_plan) as skipped_at_turn,
         count(*) filter (where state in ('open', 'deferred', 'held', 'not_reached')) as not_reached
       from t),
     lost as (
       select greatest(0, to_try - (c.matched - c.skipped)) as rows from b, c)
     select case when listed then b.matched - lost.rows else c.matched end as matched, succeeded, failed,
       skipped_at_turn + case when listed then b.skipped else c.skipped end as skipped,
       case when listed then eligible - lost.rows - succeeded - failed - skipped_at_turn
         else not_reached end as "notReached"
     from b, c, lost`,
    [batchId],
  );
  const looking = row(tx, recountRow, `${SEEN[replayedBy]} ${LOOK}`, [batchId]);
  const [own, found] = await together(counting, looking);
  const recounted = { ...own, succeeded: found.succeeded, failed: found.failed };
  return { own, recounted, disagreements: disagreements(own, recounted, found) };
}

function disagreements(own: Tally, recounted: Tally, found: z.output<typeof recountRow>): string[] {
  const sentences: [boolean, string][] = [
    [
      own.matched !== found.planned,
      `the plan counted ${counted(found.planned, 'matched execution')}, its list has ${count(own.matched)}`,
    ],
    [!balances(recounted), `the recount does not add up: ${equation(recounted)}`],
    [
      own.succeeded !== recounted.succeeded,
      `the run counted ${counted(own.succeeded, 'success', 'successes')}, OnRamp's tables show ${count(recounted.succeeded)}`,
    ],
    [
      own.failed !== recounted.failed,
      `the run counted ${counted(own.failed, 'failure')}, or_workflow_history shows ${count(recounted.failed)}`,
    ],
    [
      found.withoutProject > 0,
      `${counted(found.withoutProject, 'replayed execution lacks', 'replayed executions lack')} the project that was created`,
    ],
    [
      found.severalProjects > 0,
      `${counted(found.severalProjects, 'execution has', 'executions have')} more than one project`,
    ],
    [
      found.notSuccess > 0,
      `${counted(found.notSuccess, 'replayed execution is', 'replayed executions are')} not in SUCCESS`,
    ],
    [
      found.historyWithoutRow > 0,
      `${counted(found.historyWithoutRow, 'history entry tells', 'history entries tell')} another outcome than the run`,
    ],
    [
      found.withoutHistory > 0,
      `${counted(found.withoutHistory, "outcome is the endpoint's word", "outcomes are the endpoint's word")}: or_workflow_history has no entry of these replays`,
    ],
  ];
  return sentences.flatMap(([wrong, sentence]) => (wrong ? [sentence] : []));
}
