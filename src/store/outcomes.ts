// Writes down what came of one row's turn. Execution, history, plan row and audit event go in one statement:
// they commit together or not at all.
import { z } from 'zod';
import { shortId } from '../domain/batch.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type Actor, historyActor } from '../domain/person.ts';
import { ROW_STATES, type RowState, rowState } from '../domain/row-state.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import { prepared, row, type Tx } from '../postgres/tx.ts';
import type { PlannedRow } from './claim.ts';
import { type InSql, jsonb } from './evidence.ts';

/** SQL: `logs` with one more entry; logs that are no array become its first element. */
const LOGS_WITH = (entry: string) =>
  `(case when jsonb_typeof(logs) = 'array' then logs else jsonb_build_array(logs) end) || jsonb_build_array(${entry})`;

const COMMON = { execution_uuid: 'execution_uuid', position: '$2::integer' } as const;

/** SQL: what tells a success from a failure. Each is a statement of its own: starting one costs by its length. */
type Parts = {
  readonly set: string;
  readonly entry: string;
  readonly details: string;
  readonly evidence: string;
  readonly row: string;
  /** Further parts of the statement. */
  readonly more: string;
};

/** SQL: notes that the executions of `tried` were tried. */
export const NOTE_TRY = `insert into retry_batch.last_tries as l (execution_id, tried_at)
     select execution_id, now() from tried
     on conflict (execution_id) do update set tried_at = greatest(l.tried_at, excluded.tried_at)`;

/**
 * SQL: the same, and when the executions say that they finished, null where the try was no failed replay: this finish is the
 * replay's, whatever the clock of whoever set it, and no new failure.
 */
export const NOTE_FAILED = `insert into retry_batch.last_tries as l (execution_id, tried_at, failed_finish)
     select execution_id, now(), finished_at from tried
     on conflict (execution_id) do update set tried_at = greatest(l.tried_at, excluded.tried_at),
       failed_finish = coalesce(excluded.failed_finish, l.failed_finish)`;

/** SQL: why the batch was asked, for whoever reads OnRamp's history; nothing where nobody said. */
const REASON = `coalesce((select jsonb_build_object('reason', b.request ->> 'reason') from retry_batch.batches b
        where b.id = $1 and b.request ->> 'reason' is not null), '{}')`;

const recordStatement = (outcome: Replayed['kind'], parts: Parts) => `
  with replayed as (
    update or_ramp_executions
    set ${parts.set} updated_at = now(),
      logs = ${LOGS_WITH(`jsonb_build_object(
        'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ${parts.entry})`)}
    where id = $3
    returning id, ramp_id, vendor_id, execution_uuid, finished_at
  ), history as (
    insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
    select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', $4,
      jsonb_build_object('batch_id', $1::uuid, 'outcome', '${outcome}', ${parts.details}) || ${REASON}
    from replayed
  ), event as (
    insert into retry_batch.events (batch_id, action, actor, evidence)
    select $1, 'replayed', $5, ${parts.evidence} from replayed
  ), done as (
    update retry_batch.plan_rows set outcome = '${outcome}', done_at = now(), ${parts.row}
    where batch_id = $1 and position = $2 and exists (select from replayed)
    returning outcome_error_group
  )${parts.more}
  select (select outcome_error_group from done) as "errorGroup", exists (select from done) as recorded`;

const RECORD_SUCCESS = prepared(
  'record success',
  recordStatement('success', {
    set: `status_code = 'SUCCESS', finished_at = now(),`,
    entry: `'level', 'info', 'message', $6::text`,
    details: `'error_type', null, 'project_uuid', $7::uuid`,
    evidence: jsonb({
      ...COMMON,
      outcome: `'success'`,
      project_uuid: '$7::uuid',
    } satisfies InSql<'success'>),
    row: `project_uuid = $7`,
    more: '',
  }),
);

const RECORD_ERROR = prepared(
  'record error',
  recordStatement('error', {
    set: '',
    entry: `'level', 'error', 'message', $6::text, 'error_type', $7::text, 'error_message', $8::text`,
    details: `'error_type', $7::text, 'project_uuid', null`,
    evidence: jsonb({ ...COMMON, outcome: `'error'`, error_type: '$7::text' } satisfies InSql<'error'>),
    row: `outcome_error_type = $7, outcome_error_message = $8,
      outcome_error_group = retry_batch.error_group($7, $8)`,
    // OnRamp's history says so too, unless a trigger of its keeps the entry out, or gives it another time.
    more: `, tried as (select id as execution_id, finished_at from replayed), noted as (${NOTE_FAILED})`,
  }),
);

/** What came of a replay that ran the steps. */
export type Replayed = Exclude<Outcome, { kind: 'skipped' }>;

const recordedRow = z.object({ errorGroup: z.string().nullable(), recorded: z.boolean() });

/**
 * Writes down a replay that ran the steps, whether they succeeded or failed (engine contract, steps 6 and 8): execution,
 * history, plan row and audit event. Answers what a failure is grouped by. Throws as `Tx.query` does, and an Error where
 * one of the rows did not take the outcome, because OnRamp's database drops it without a word: then nothing may commit.
 */
export async function recordReplay(
  tx: Tx,
  planned: PlannedRow,
  outcome: Replayed,
  actor: Actor,
): Promise<string | null> {
  const { batchId, position, executionId } = planned;
  const replay = `replay of batch ${shortId(batchId)}`;
  const common = [batchId, position, executionId, historyActor(actor), JSON.stringify(actor)];
  const { errorGroup, recorded } =
    outcome.kind === 'success'
      ? await row(tx, recordedRow, RECORD_SUCCESS, [...common, `${replay} succeeded`, outcome.projectUuid])
      : await row(tx, recordedRow, RECORD_ERROR, [
          ...common,
          `${replay} failed`,
          outcome.errorType,
          outcome.errorMessage,
        ]);
  if (!recorded)
    throw new Error('retry-batch: the execution or its row of the plan did not take the outcome');
  return errorGroup;
}

const SKIPPED = jsonb({
  execution_uuid: '$6::uuid',
  position: '$2::integer',
  outcome: `'skipped'`,
  reason: '$3::text',
} satisfies InSql<'skipped'>);

/** Writes down that a row was left alone at its turn: nothing of OnRamp's changes. Throws as `Tx.query` does. */
export async function recordSkip(
  tx: Tx,
  planned: PlannedRow,
  skip: { readonly reason: SkipReason; readonly detail: string },
  actor: Actor,
): Promise<void> {
  const { batchId, position, executionUuid } = planned;
  await tx.query(
    `with event as (
       insert into retry_batch.events (batch_id, action, actor, evidence)
       values ($1, 'replayed', $5, ${SKIPPED})
     ), tried as (
       update retry_batch.plan_rows
       set outcome = 'skipped', outcome_reason = $3, outcome_detail = $4, done_at = now()
       where batch_id = $1 and position = $2 returning execution_id
     ) ${NOTE_TRY}`,
    [batchId, position, skip.reason, skip.detail, JSON.stringify(actor), executionUuid],
  );
}

/** Puts a row that is locked off to the end of the run. Throws as `Tx.query` does. */
export async function defer(tx: Tx, { batchId, position }: PlannedRow): Promise<void> {
  await tx.query(`update retry_batch.plan_rows set locked_at = now() where batch_id = $1 and position = $2`, [
    batchId,
    position,
  ]);
}

/** Counts a row as not reached, with why, unless it has an outcome. Throws as `Tx.query` does. */
export async function giveUp(tx: Tx, { batchId, position }: PlannedRow, why: string): Promise<void> {
  await tx.query(
    `with tried as (
       update retry_batch.plan_rows set outcome = 'not_reached', outcome_detail = $3, done_at = now()
       where batch_id = $1 and position = $2 and outcome is null returning execution_id
     ) ${NOTE_TRY}`,
    [batchId, position, why],
  );
}

const rowNow = z.object({ state: z.enum(ROW_STATES), errorGroup: z.string().nullable() });

/** What the row is at now, for a caller that never got the answer to its COMMIT. Throws as `Tx.query` does. */
export async function stateOf(
  tx: Tx,
  { batchId, position }: PlannedRow,
): Promise<{ readonly state: RowState; readonly errorGroup: string | null }> {
  return row(
    tx,
    rowNow,
    `select ${rowState('t')} as state, outcome_error_group as "errorGroup"
     from retry_batch.plan_rows t where batch_id = $1 and position = $2`,
    [batchId, position],
  );
}
