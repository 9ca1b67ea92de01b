// What became of rows that were sent, read from OnRamp's tables, and writing it down: by compare-and-set on the call, so that
// of two processes that look after the same call one settles each row.
import { z } from 'zod';
import type { Actor } from '../domain/person.ts';
import { rows, type Tx } from '../postgres/tx.ts';
import { SHOWN_OF_LOGS } from './columns.ts';
import { type InSql, jsonb } from './evidence.ts';
import { NOTE_FAILED } from './outcomes.ts';

const told = z.object({ errorType: z.string().nullable(), errorMessage: z.string().nullable() });

/** An error, as far as a place tells it. */
export type Told = z.output<typeof told>;

const shownRow = z.object({
  position: z.number(),
  executionUuid: z.string(),
  succeeded: z.boolean(),
  projectUuid: z.string().nullable(),
  /** It has more history entries of replays than when it was first sent, but for those of other batches. */
  entered: z.boolean(),
  /** What the newest entry tells, where there is a new one; what a new entry of its log tells. */
  entry: told.nullable(),
  log: told.nullable(),
});

/** What OnRamp's tables show of a row that was sent. */
export type Shown = z.output<typeof shownRow>;

/** SQL: the field as text where it is one, cut; of an object or a list there is nothing to show. */
const textOf = (json: string) =>
  `case when jsonb_typeof(${json}) = 'string' then left(${json} #>> '{}', ${SHOWN_OF_LOGS}) end`;

const TOLD_BY_ENTRY = `jsonb_build_object(
  'errorType', coalesce(${textOf(`h.details -> 'error_type'`)}, ${textOf(`h.details -> 'error' -> 'type'`)},
    ${textOf(`h.details -> 'error' -> 'class'`)}),
  'errorMessage', coalesce(${textOf(`h.details -> 'error_message'`)}, ${textOf(`h.details -> 'error' -> 'message'`)},
    ${textOf(`h.details -> 'error'`)}, ${textOf(`h.details -> 'message'`)}))`;

const TOLD_BY_LOG = `jsonb_build_object('errorType', ${textOf(`e.logs -> -1 -> 'error_type'`)},
  'errorMessage', ${textOf(`e.logs -> -1 -> 'error_message'`)})`;

/**
 * Reads what has become of these rows of a batch, those that are in call `callId`, null for none; what somebody else has
 * settled meanwhile is left out. Takes no lock. Throws as `Tx.query` does.
 */
export async function readShown(
  tx: Tx,
  { batchId, callId }: { readonly batchId: string; readonly callId: string | null },
  positions: readonly number[],
): Promise<Shown[]> {
  return rows(
    tx,
    shownRow,
    `select t.position, t.execution_uuid as "executionUuid", coalesce(e.status_code = 'SUCCESS', false) as succeeded,
       (select min(p.project_uuid::text) from or_projects p where p.execution_id = t.execution_id) as "projectUuid",
       found.entered, case when found.entered then (select ${TOLD_BY_ENTRY} from or_workflow_history h
         where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'
         order by h.id desc limit 1) end as entry,
       case when found.entered and jsonb_typeof(e.logs) = 'array' and jsonb_array_length(e.logs) > t.logs_before
         then ${TOLD_BY_LOG} end as log
     from retry_batch.plan_rows t
     left join or_ramp_executions e on e.id = t.execution_id
     cross join lateral (
       select count(*) > t.history_before as entered from or_workflow_history h
       where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED') found
     where t.batch_id = $1 and t.position = any ($2) and t.sent_call is not distinct from $3::uuid order by t.position`,
    [batchId, [...positions], callId],
  );
}

/** What is written down of one row: its outcome, or how it goes on. */
export type Settling = { readonly position: number } & (
  | { readonly kind: 'success'; readonly projectUuid: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'skipped'; readonly reason: string; readonly detail: string }
  /** Locked by somebody else: it comes again at the end of the run. `forgotten` as with those that are open. */
  | { readonly kind: 'deferred'; readonly forgotten: boolean }
  /** Not tried, and no fault of its own: it is open again. `forgotten`: and no call of it can do anything late. */
  | { readonly kind: 'open'; readonly forgotten: boolean }
  /** A call gave no sign of it: open again, in a call of at most `nextSize` rows; given up the third time. */
  | { readonly kind: 'again'; readonly nextSize: number; readonly why: string }
);

const BECAME = ['success', 'error', 'skipped', 'not_reached', 'deferred', 'open', 'again'] as const;

export type Settled = {
  readonly position: number;
  readonly executionUuid: string;
  readonly vendorId: number;
  /** Its outcome, or how it goes on. */
  readonly became: (typeof BECAME)[number];
  readonly reason: string | null;
};

const settledRow = z.object({
  position: z.number(),
  executionUuid: z.string(),
  vendorId: z.number(),
  became: z.enum(BECAME),
  reason: z.string().nullable(),
});

const MOST_TRIES = 3;

const COMMON = { execution_uuid: 'execution_uuid', position: 'position', outcome: 'outcome' } as const;
const SUCCESS = { ...COMMON, project_uuid: 'project_uuid' } satisfies InSql<'success'>;
const ERROR = { ...COMMON, error_type: 'outcome_error_type' } satisfies InSql<'error'>;
const SKIPPED = { ...COMMON, reason: 'outcome_reason' } satisfies InSql<'skipped'>;

const EVIDENCE = `case outcome when 'success' then ${jsonb(SUCCESS)} when 'error' then ${jsonb(ERROR)}
         else ${jsonb(SKIPPED)} end`;

/**
 * Writes down what became of rows of a call, in the plan's order; `callId` null: of rows that this transaction has locked and
 * that are in no call. Rows that somebody else has settled meanwhile are left alone, and not answered. Throws as `Tx.query` does.
 */
export async function settle(
  tx: Tx,
  {
    batchId,
    callId,
    actor,
  }: { readonly batchId: string; readonly callId: string | null; readonly actor: Actor },
  settlings: readonly Settling[],
): Promise<Settled[]> {
  if (settlings.length === 0) return [];
  const settled = await rows(
    tx,
    settledRow,
    // The positions by themselves: of a fresh plan the planner knows nothing, and would read all of it to find 25 rows.
    `with told as materialized (
       select o.*, case when o.kind <> 'again' then o.kind when coalesce(t.tries, 0) + 1 >= ${MOST_TRIES} then 'not_reached'
         else 'again' end as becomes
       from jsonb_to_recordset($3::jsonb) as o (position integer, kind text, reason text, detail text, "errorType" text,
         "errorMessage" text, "projectUuid" uuid, "nextSize" integer, why text, forgotten boolean)
       join retry_batch.plan_rows t on t.batch_id = $1 and t.position = any ($5) and t.position = o.position
     ), done as (
       update retry_batch.plan_rows t set sent_call = null,
         outcome = case when becomes in ('success', 'error', 'skipped', 'not_reached') then becomes end,
         done_at = case when becomes in ('success', 'error', 'skipped', 'not_reached') then now() end,
         outcome_reason = case when becomes = 'skipped' then told.reason end,
         outcome_detail = case becomes when 'skipped' then told.detail when 'not_reached' then told.why end,
         outcome_error_type = case when becomes = 'error' then "errorType" end,
         outcome_error_message = case when becomes = 'error' then "errorMessage" end,
         outcome_error_group = case when becomes = 'error' then retry_batch.error_group("errorType", "errorMessage") end,
         project_uuid = case when becomes = 'success' then "projectUuid" end,
         history_after = case when becomes in ('success', 'error', 'skipped', 'not_reached') then (
           select count(*) from or_workflow_history h
           where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED') end,
         -- What comes up in its execution until it is sent again is not its call's.
         history_before = case when told.forgotten then null else t.history_before end,
         logs_before = case when told.forgotten then null else t.logs_before end,
         locked_at = case when becomes = 'deferred' then now() else t.locked_at end,
         tries = case when told.kind = 'again' then coalesce(t.tries, 0) + 1 else t.tries end,
         next_size = case when told.kind = 'again' then case when t.tries is null then "nextSize" else 1 end else t.next_size end
       from told where t.batch_id = $1 and t.position = any ($5) and t.position = told.position and t.outcome is null
         and t.sent_call is not distinct from $2::uuid
       returning t.position, t.execution_id, t.execution_uuid, t.vendor_id, t.outcome, t.outcome_reason,
         t.outcome_error_type, t.project_uuid, told.becomes
     ), freed as (
       delete from retry_batch.sent_rows s using done where s.batch_id = $1 and s.position = done.position and s.call_id = $2
     ), event as (
       insert into retry_batch.events (batch_id, action, actor, evidence)
       select $1, 'replayed', $4, ${EVIDENCE}
       from done where outcome in ('success', 'error', 'skipped') order by position
     ), tried as (
       -- In one order: two batches may have executions in common.
       select execution_id, case when outcome = 'error' then (
           select e.finished_at from or_ramp_executions e where e.id = done.execution_id) end as finished_at
       from done where outcome in ('error', 'skipped', 'not_reached') order by execution_id
     ), noted as (${NOTE_FAILED})
     select position, execution_uuid as "executionUuid", vendor_id as "vendorId", becomes as became,
       coalesce(outcome_reason, outcome_error_type) as reason
     from done order by position`,
    [
      ...[batchId, callId, JSON.stringify(settlings), JSON.stringify(actor)],
      settlings.map((one) => one.position),
    ],
  );
  return settled;
}
