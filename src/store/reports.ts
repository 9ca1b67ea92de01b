// Counts over one batch as its rows stand, and the recount from OnRamp's own tables that a report is checked by.
import { z } from 'zod';
import type { Tally, Verification } from '../domain/outcome.ts';
import { balances, equation } from '../domain/outcome.ts';
import type { Progress } from '../domain/progress.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import type { ChunkReport, Reports } from '../engine/ports.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

const TOP_FAILURES = 10;

export const reports: Reports = { progress, chunks, verify, closing };

const progressRow = z.object({
  eligible: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  notReached: z.number(),
  held: z.number(),
  skippedAtTurn: z.record(z.string(), z.number()),
  perSecond: z.number().nullable(),
});

async function progress(tx: Tx, batchId: string): Promise<Progress> {
  const counts = await row(
    tx,
    progressRow,
    // Only what is counted: the rows are kept aside, and all of each would not fit into memory.
    `with t as materialized (
       select outcome, outcome_reason, held_because is not null as held, done_at
       from retry_batch.plan_rows where batch_id = $1 and skip_reason is null),
     recent as (
       select count(*) as n, extract(epoch from max(done_at) - min(done_at))::float8 as seconds
       from (select done_at from t where outcome in ('success', 'error', 'skipped')
         order by done_at desc limit 100) last_hundred)
     select count(*) as eligible, count(*) filter (where outcome = 'success') as succeeded,
       count(*) filter (where outcome = 'error') as failed,
       count(*) filter (where outcome = 'not_reached' and not held) as "notReached",
       count(*) filter (where held) as held,
       (select coalesce(jsonb_object_agg(outcome_reason, n), '{}') from (
         select outcome_reason, count(*) as n from t where outcome = 'skipped' group by 1) r) as "skippedAtTurn",
       (select case when n > 1 and seconds > 0 then (n - 1) / seconds end from recent) as "perSecond"
     from t`,
    [batchId],
  );
  const failures = await rows(
    tx,
    z.object({ group: z.string(), count: z.number() }),
    `select outcome_error_group as "group", count(*) as count from retry_batch.plan_rows
     where batch_id = $1 and outcome = 'error' group by 1 order by 2 desc, 1 limit ${TOP_FAILURES}`,
    [batchId],
  );
  return { ...counts, skippedAtTurn: counts.skippedAtTurn as Partial<Record<SkipReason, number>>, failures };
}

const chunkRow = z.object({
  chunk: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  skipped: z.number(),
  notReached: z.number(),
  putOff: z.number(),
  open: z.number(),
});

const newFailure = z.object({ chunk: z.number(), group: z.string(), count: z.number(), example: z.string() });

async function chunks(
  tx: Tx,
  batchId: string,
  { first, last, size }: { first: number; last: number; size: number },
): Promise<ChunkReport[]> {
  const counted = await rows(
    tx,
    chunkRow,
    `select (position - 1) / $4 + 1 as chunk, count(*) filter (where outcome = 'success') as succeeded,
       count(*) filter (where outcome = 'error') as failed, count(*) filter (where outcome = 'skipped') as skipped,
       count(*) filter (where outcome = 'not_reached') as "notReached",
       count(*) filter (where outcome is null and locked_at is not null and held_because is null) as "putOff",
       count(*) filter (where outcome is null and locked_at is null and held_because is null) as open
     from retry_batch.plan_rows where batch_id = $1 and position between $2 and $3 and skip_reason is null
     group by 1 order by 1`,
    [batchId, first, last, size],
  );
  const failing = counted.some((chunk) => chunk.failed > 0);
  const failures = failing ? await newFailures(tx, [batchId, first, last, size]) : [];
  return counted.map((chunk) => ({
    ...chunk,
    newFailures: failures
      .filter((one) => one.chunk === chunk.chunk)
      .slice(0, TOP_FAILURES)
      .map(({ chunk: _, ...failure }) => failure),
  }));
}

function newFailures(tx: Tx, span: readonly unknown[]) {
  return rows(
    tx,
    newFailure,
    `select (t.position - 1) / $4 + 1 as chunk, t.outcome_error_group as "group", count(*) as count,
       min(left(t.outcome_error_message, 300)) as example
     from retry_batch.plan_rows t
     where t.batch_id = $1 and t.position between $2 and $3 and t.outcome = 'error'
       and not exists (select from retry_batch.plan_rows earlier
         where earlier.batch_id = $1 and earlier.position <= (t.position - 1) / $4 * $4 and earlier.outcome = 'error'
           and earlier.outcome_error_group = t.outcome_error_group)
     group by 1, 2 order by 1, 3 desc, 2`,
    span,
  );
}

const tally = z.object({
  matched: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  skipped: z.number(),
  notReached: z.number(),
});

const recount = z.object({
  planned: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  withoutProject: z.number(),
  severalProjects: z.number(),
  notSuccess: z.number(),
  historyWithoutRow: z.number(),
});

const closed = z.object({ own: tally, recounted: tally, disagreements: z.array(z.string()) });

async function closing(tx: Tx, batchId: string): Promise<Verification | null> {
  const [found] = await rows(
    tx,
    closed,
    `select evidence -> 'own' as own, evidence -> 'recounted' as recounted,
       evidence -> 'disagreements' as disagreements
     from retry_batch.events where batch_id = $1 and action = 'finished' order by id desc limit 1`,
    [batchId],
  );
  return found ?? null;
}

/**
 * Counts success and failure again from or_projects, or_workflow_history and the executions themselves. Every
 * difference becomes one sentence; none of the bot's own counters is believed.
 */
async function verify(tx: Tx, batchId: string): Promise<Verification> {
  const own = await row(
    tx,
    tally,
    `select count(*) as matched, count(*) filter (where outcome = 'success') as succeeded,
       count(*) filter (where outcome = 'error') as failed,
       count(*) filter (where skip_reason is not null or outcome = 'skipped') as skipped,
       count(*) filter (where skip_reason is null and (outcome is null or outcome = 'not_reached')) as "notReached"
     from retry_batch.plan_rows where batch_id = $1`,
    [batchId],
  );
  const found = await row(
    tx,
    recount,
    // Row by row over OnRamp's indexes: the planner knows nothing yet of rows that were written a moment ago, and what
    // it takes for one row to be joined with one may be a hundred thousand with as many.
    `with seen as (
       select t.outcome, e.status_code, h.successes, h.failures, h.others, p.projects, p.ours
       from retry_batch.plan_rows t
       left join or_ramp_executions e on e.id = t.execution_id
       cross join lateral (
         select count(*) filter (where found.outcome = 'success') as successes,
           count(*) filter (where found.outcome = 'error') as failures,
           count(*) filter (where found.outcome is distinct from t.outcome) as others
         from (select h.details ->> 'outcome' as outcome from or_workflow_history h
           where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'
             and h.details ->> 'batch_id' = $1::uuid::text offset 0) found) h
       cross join lateral (
         select count(*) as projects, bool_or(p.project_uuid = t.project_uuid) as ours
         from or_projects p where p.execution_id = t.execution_id) p
       where t.batch_id = $1 and t.skip_reason is null)
     select (select (summary ->> 'matched')::bigint from retry_batch.batches where id = $1) as planned,
       coalesce(sum(successes) filter (where projects > 0), 0)::bigint as succeeded,
       coalesce(sum(failures), 0)::bigint as failed,
       count(*) filter (where outcome = 'success' and ours is not true) as "withoutProject",
       count(*) filter (where outcome = 'success' and projects > 1) as "severalProjects",
       count(*) filter (where outcome = 'success' and status_code <> 'SUCCESS') as "notSuccess",
       coalesce(sum(others), 0)::bigint as "historyWithoutRow"
     from seen`,
    [batchId],
  );
  const recounted = { ...own, succeeded: found.succeeded, failed: found.failed };
  return { own, recounted, disagreements: disagreements(own, recounted, found) };
}

function disagreements(own: Tally, recounted: Tally, found: z.output<typeof recount>): string[] {
  const sentences: [boolean, string][] = [
    [
      own.matched !== found.planned,
      `the plan counted ${found.planned} matched executions, its list has ${own.matched}`,
    ],
    [!balances(recounted), `the recount does not add up: ${equation(recounted)}`],
    [
      own.succeeded !== recounted.succeeded,
      `the run counted ${own.succeeded} successes, OnRamp's tables show ${recounted.succeeded}`,
    ],
    [
      own.failed !== recounted.failed,
      `the run counted ${own.failed} failures, or_workflow_history shows ${recounted.failed}`,
    ],
    [
      found.withoutProject > 0,
      `${found.withoutProject} replayed executions lack the project that was created for them`,
    ],
    [found.severalProjects > 0, `${found.severalProjects} executions have more than one project`],
    [found.notSuccess > 0, `${found.notSuccess} replayed executions are not in SUCCESS`],
    [
      found.historyWithoutRow > 0,
      `${found.historyWithoutRow} history entries tell another outcome than the run`,
    ],
  ];
  return sentences.flatMap(([wrong, sentence]) => (wrong ? [sentence] : []));
}
