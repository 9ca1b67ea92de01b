// Writes down what came of one row's turn. Execution, history, plan row and audit event go in one statement:
// they commit together or not at all.
import { z } from 'zod';
import type { Actor } from '../domain/audit.ts';
import { historyActor } from '../domain/audit.ts';
import { shortId } from '../domain/batch.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import type { Replayed, Turn } from '../engine/ports.ts';
import { prepared, row, type Tx } from '../engine/tx.ts';

/** SQL: `logs` with one more entry; logs that are no array become its first element. */
const LOGS_WITH = (entry: string) =>
  `(case when jsonb_typeof(logs) = 'array' then logs else jsonb_build_array(logs) end) || jsonb_build_array(${entry})`;

const RECORD_REPLAY = prepared(
  'record replay',
  `with replayed as (
     update or_ramp_executions
     set status_code = case when $3 = 'success' then 'SUCCESS' else status_code end,
       finished_at = case when $3 = 'success' then now() else finished_at end,
       updated_at = now(),
       logs = ${LOGS_WITH(`jsonb_strip_nulls(jsonb_build_object(
         'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'level', case when $3 = 'success' then 'info' else 'error' end,
         'message', $4::text, 'error_type', $5::text, 'error_message', $6::text))`)}
     where id = $7
     returning id, ramp_id, vendor_id, execution_uuid
   ), history as (
     insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
     select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', $8, jsonb_build_object(
       'batch_id', $1::uuid, 'outcome', $3::text, 'error_type', $5::text, 'project_uuid', $9::uuid)
     from replayed
   ), event as (
     insert into retry_batch.events (batch_id, action, actor, evidence)
     select $1, 'replayed', $10, jsonb_strip_nulls(jsonb_build_object('execution_uuid', execution_uuid,
       'position', $2::integer, 'outcome', $3::text, 'error_type', $5::text, 'project_uuid', $9::uuid))
     from replayed
   )
   update retry_batch.plan_rows
   set outcome = $3, done_at = now(), project_uuid = $9, outcome_error_type = $5, outcome_error_message = $6,
     outcome_error_group = case when $3 = 'error' then retry_batch.error_group($5, $6) end
   where batch_id = $1 and position = $2 and exists (select from replayed)
   returning outcome_error_group as "errorGroup"`,
);

const recorded = z.object({ errorGroup: z.string().nullable() });

/** A replay that ran the steps, whether they succeeded or failed (engine contract, steps 6 and 8). */
export async function recordReplay(
  tx: Tx,
  turn: Turn,
  outcome: Replayed,
  actor: Actor,
): Promise<{ errorGroup: string | null }> {
  const failed = outcome.kind === 'error';
  return row(tx, recorded, RECORD_REPLAY, [
    ...[turn.batchId, turn.position, outcome.kind],
    `replay of batch ${shortId(turn.batchId)} ${failed ? 'failed' : 'succeeded'}`,
    ...(failed ? [outcome.errorType, outcome.errorMessage] : [null, null]),
    ...[turn.executionId, historyActor(actor), failed ? null : outcome.projectUuid, JSON.stringify(actor)],
  ]);
}

/** A row that was left alone at its turn: nothing of OnRamp's changes. */
export async function recordSkip(
  tx: Tx,
  turn: Turn,
  reason: SkipReason,
  detail: string,
  actor: Actor,
): Promise<void> {
  await tx.query(
    `with event as (
       insert into retry_batch.events (batch_id, action, actor, evidence)
       values ($1, 'replayed', $5, jsonb_build_object(
         'execution_uuid', $6::uuid, 'position', $2::integer, 'outcome', 'skipped', 'reason', $3::text))
     )
     update retry_batch.plan_rows
     set outcome = 'skipped', outcome_reason = $3, outcome_detail = $4, done_at = now()
     where batch_id = $1 and position = $2`,
    [turn.batchId, turn.position, reason, detail, JSON.stringify(actor), turn.executionUuid],
  );
}
