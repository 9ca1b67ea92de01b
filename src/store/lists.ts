// Reads a plan's rows back, a page at a time, for answers, threads and files.
import { z } from 'zod';
import { BATCH_STATUSES, type BatchStatus, OPEN_STATUSES } from '../domain/batch.ts';
import type { Newer } from '../domain/newer.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../domain/plan.ts';
import { rowIs } from '../domain/row-state.ts';
import { FILTER_OF, SKIP_REASONS } from '../domain/skip-filters.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { LAST_ERROR_LATERAL } from './classification.ts';
import { instantColumn, instantText, SHOWN_OF_LOGS } from './columns.ts';

const reason = z.enum(SKIP_REASONS);

/** As much of a customer's or a workflow's name as is shown. */
const NAME = 200;

const COMMON = `t.execution_uuid as "executionUuid", t.vendor_id as "vendorId", left(coalesce(v.name, ''), ${NAME}) as "vendorName",
  t.ramp_uuid as "rampUuid", left(coalesce(r.name, ''), ${NAME}) as "rampName", ${instantText('t.created_at')} as "createdAt"`;

/** What the store's lists of rows have in common. */
export const OF_EXECUTION = {
  executionUuid: z.string(),
  vendorId: z.number(),
  vendorName: z.string(),
  rampUuid: z.string(),
  rampName: z.string(),
  createdAt: instantColumn,
};

const eligibleRow = z.object({
  ...OF_EXECUTION,
  errorType: z.string().nullable(),
  errorMessage: z.string().nullable(),
  workflowVersion: z.number(),
  drift: z.boolean(),
  tokenRevoked: z.boolean(),
});

const skippedRow = z.object({ ...OF_EXECUTION, reason, detail: z.string() });

const resultRow = z.object({
  ...OF_EXECUTION,
  outcome: z.enum(['success', 'error', 'skipped', 'not_reached']),
  projectUuid: z.string().nullable(),
  errorType: z.string().nullable(),
  errorMessage: z.string().nullable(),
  /** An endpoint that makes the replays may have reasons of its own. */
  reason: z.string().nullable(),
  detail: z.string().nullable(),
});

/** SQL: as much of a text as is shown; a plan of an earlier release may have megabytes of it. */
function cut(text: string): string {
  return `left(${text}, ${SHOWN_OF_LOGS})`;
}

/** Rows of a plan between two positions, both included, in the plan's order. */
export type Page = { readonly batchId: string; readonly first: number; readonly last: number };

/** Names are today's: the plan has ids, which nobody changes. */
const ROWS = `from retry_batch.plan_rows t left join or_vendors v on v.id = t.vendor_id
     left join or_ramps r on r.id = t.ramp_id`;
const PAGE = 't.batch_id = $1 and t.position between $2 and $3';

/** Eligible rows, with how their integrations' tokens are now. Throws as `Tx.query` does. */
export async function eligible(tx: Tx, { batchId, first, last }: Page): Promise<EligibleRow[]> {
  return rows(
    tx,
    eligibleRow,
    `select ${COMMON}, ${cut('t.error_type')} as "errorType", ${cut('t.error_message')} as "errorMessage",
       t.workflow_version as "workflowVersion", t.drift, i.token_revoked_at is not null as "tokenRevoked"
     ${ROWS} left join or_integrations i on i.id = r.integration_id
     where ${PAGE} and t.skip_reason is null order by t.position`,
    [batchId, first, last],
  );
}

/** Skipped by the plan; their positions follow the eligible ones'. Throws as `Tx.query` does. */
export async function skipped(tx: Tx, { batchId, first, last }: Page): Promise<SkippedRow[]> {
  return rows(
    tx,
    skippedRow,
    `select ${COMMON}, t.skip_reason as reason, coalesce(${cut('t.skip_detail')}, '') as detail
     ${ROWS} where ${PAGE} and t.skip_reason is not null order by t.position`,
    [batchId, first, last],
  );
}

/** Eligible rows and what became of them. Throws as `Tx.query` does. */
export async function results(tx: Tx, { batchId, first, last }: Page): Promise<ResultRow[]> {
  return rows(
    tx,
    resultRow,
    `select ${COMMON}, coalesce(t.outcome, 'not_reached') as outcome, t.project_uuid as "projectUuid",
       ${cut('t.outcome_error_type')} as "errorType", ${cut('t.outcome_error_message')} as "errorMessage",
       t.outcome_reason as reason, ${cut('coalesce(t.held_because, t.outcome_detail)')} as detail
     ${ROWS} where ${PAGE} and t.skip_reason is null order by t.position`,
    [batchId, first, last],
  );
}

/** How many rows of a batch are stored: a call over HTTP stores those that it lists or tries. */
export type Kept = { readonly eligible: number; readonly skipped: number };

/** Counts them. Throws as `Tx.query` does. */
export async function kept(tx: Tx, batchId: string): Promise<Kept> {
  return row(
    tx,
    z.object({ eligible: z.number(), skipped: z.number() }),
    `select count(*) filter (where skip_reason is null) as eligible,
       count(*) filter (where skip_reason is not null) as skipped
     from retry_batch.plan_rows where batch_id = $1`,
    [batchId],
  );
}

export type Overlap = { readonly batchId: string; readonly status: BatchStatus; readonly rows: number };

/**
 * Other batches that have eligible rows in common with this one and may still replay them: those that wait or run, and those
 * that ended after `retryable` and hold rows that Retry held would let go. Not those that this one is made of: the batch whose
 * rest it is, and, while both wait, the one whose place it takes, or that takes its place. Throws as `Tx.query` does.
 */
export async function overlaps(tx: Tx, batchId: string, retryable: Date): Promise<Overlap[]> {
  return rows(
    tx,
    z.object({ batchId: z.string(), status: z.enum(BATCH_STATUSES), rows: z.number() }),
    // Not by a join: of a plan that was stored a moment ago the planner knows nothing, and compares each row with each.
    `with ours as materialized (select replaces, request ->> 'rest_of' as rest_of from retry_batch.batches where id = $1),
     others as materialized (
       select id, status, requested_at from retry_batch.batches b
       where id <> $1 and status = any ($2) and not ${IS_OF_OURS}
       union all
       select id, status, requested_at from retry_batch.batches b
       where id <> $1 and not ${IS_OF_OURS} and not lists_gone and status in ('finished', 'stopped') and status = 'finished'
         and coalesce(ended_at, requested_at) > $3 and rest_taken_by is null and ${MAY_HOLD}),
     all_rows as (
       select execution_id, null::uuid as batch_id from retry_batch.plan_rows
       where batch_id = $1 and skip_reason is null and exists (select from others)
       union all
       select theirs.execution_id, theirs.batch_id from others
       join retry_batch.plan_rows theirs on theirs.batch_id = others.id
         and case when others.status = 'finished' then ${rowIs('theirs', 'held')}
           else ${rowIs('theirs', 'open', 'deferred', 'sent', 'held')} end),
     shared as (
       select batch_id, bool_or(batch_id is null) over (partition by execution_id) as is_ours from all_rows)
     select b.id as "batchId", b.status, count(*) as rows
     from shared join others b on b.id = shared.batch_id where is_ours
     group by b.id, b.status, b.requested_at order by b.requested_at`,
    [batchId, OPEN_STATUSES, retryable],
  );
}

/**
 * SQL: whether batch `b` is none that others should know of besides: an approval ends the other's retry, and of two of which the
 * one takes the other's place one is withdrawn when the new one is posted. One that was approved before that runs on.
 */
const IS_OF_OURS = `(exists (select from ours where ours.rest_of = b.id::text)
         or (b.status = 'waiting' and (b.replaces is not distinct from $1 or exists (select from ours where ours.replaces = b.id))))`;

/** SQL: whether batch `b`, which has ended, may hold rows. Such rows were not reached: its last event tells, without reading its rows. */
const MAY_HOLD = `coalesce((select (e.evidence #>> '{own,notReached}')::bigint from retry_batch.events e
         where e.batch_id = b.id and e.action = 'finished' order by e.id desc limit 1), 1) > 0`;

/** More failures than this are not counted: "more than" is as good a reason to ask again. */
const MOST_NEWER = 1000;

/** So many rows in ERROR are looked at, the first behind the window, and of so many the logs are read: a storm of them is no more work. */
const MOST_LOOKED_AT = 20_000;
const MOST_READ = 2000;

/**
 * Executions in ERROR that came after the plan's window was pinned and that its request would match now, the error that it asks
 * for included. Throws as `Tx.query` does.
 */
export async function newer(tx: Tx, batchId: string): Promise<Newer> {
  const found = await row(
    tx,
    z.object({ rows: z.number(), looked: z.number(), passed: z.number() }),
    `with q as materialized (
       select request, until_at, error_pattern from retry_batch.batches where id = $1 and request ->> 'until' is null),
     looked as materialized (
       select e.id, e.vendor_id, e.ramp_id, e.created_at from or_ramp_executions e
       where e.status_code = 'ERROR' and e.created_at >= (select until_at from q) and e.created_at < statement_timestamp()
       order by e.created_at limit ${MOST_LOOKED_AT}),
     passed as materialized (
       select l.id, q.error_pattern from q, looked l join or_ramps r on r.id = l.ramp_id
       where (jsonb_typeof(q.request -> 'vendor_ids') <> 'array' or q.request -> 'vendor_ids' @> to_jsonb(l.vendor_id))
         and (jsonb_typeof(q.request -> 'ramp_uuids') <> 'array' or q.request -> 'ramp_uuids' @> to_jsonb(r.ramp_uuid))
       order by l.created_at limit ${MOST_READ}),
     alike as (
       -- Where no error is asked for, no logs are read.
       select from passed q where q.error_pattern is null or exists (
         select from (select logs from or_ramp_executions where id = q.id offset 0) e ${LAST_ERROR_LATERAL}
         where not ${OTHER_ERROR})
       limit ${MOST_NEWER + 1})
     select (select count(*) from alike) as rows, (select count(*) from looked) as looked, (select count(*) from passed) as passed`,
    [batchId],
  );
  if (found.rows > MOST_NEWER) return { rows: MOST_NEWER, known: 'more than' };
  const isAll = found.looked < MOST_LOOKED_AT && found.passed < MOST_READ;
  return { rows: found.rows, known: isAll ? 'exactly' : 'at least' };
}

/** SQL: whether the plan would skip the row for its error. */
const OTHER_ERROR = FILTER_OF.error_pattern_mismatch.applies;
