// History: one entry per replay that ran the steps, and plan rows, audit trail, projects and logs that agree with it.
import type { Invariant } from './check.ts';

/** SQL: what each batch did to each execution, as OnRamp's history has it; an application writes no batch there. */
const HISTORY = `
  history as (
    select h.id, h.execution_id, (h.details ->> 'batch_id')::uuid as batch_id, h.details ->> 'outcome' as outcome,
      h.details ->> 'project_uuid' as project_uuid
    from or_workflow_history h where h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED')`;

/** SQL: the same as the audit trail has it. */
const TRAIL = `
  trail as (
    select v.batch_id, e.id as execution_id, v.evidence ->> 'outcome' as outcome
    from retry_batch.events v join or_ramp_executions e on e.execution_uuid = (v.evidence ->> 'execution_uuid')::uuid
    where v.action = 'replayed')`;

export const HISTORY_INVARIANTS: readonly Invariant[] = [
  {
    that: 'a batch replays an execution at most once',
    breaches: `with ${HISTORY} select 'batch ' || batch_id || ', execution ' || execution_id || ': ' || count(*) as what
      from history group by batch_id, execution_id having count(*) > 1`,
  },
  {
    that: 'a plan row that was replayed has its history entry, with the same outcome and project',
    breaches: `with ${HISTORY} select 'batch ' || t.batch_id || ', execution ' || t.execution_id || ': ' || t.outcome as what
      from retry_batch.plan_rows t left join history h using (batch_id, execution_id)
      where t.outcome in ('success', 'error')
        and (h.outcome is distinct from t.outcome or h.project_uuid is distinct from t.project_uuid::text)`,
  },
  {
    that: 'a history entry has its plan row',
    breaches: `with ${HISTORY} select 'batch ' || h.batch_id || ', execution ' || h.execution_id || ': ' || h.outcome || ', the row says ' || coalesce(t.outcome, 'nothing') as what
      from history h left join retry_batch.plan_rows t using (batch_id, execution_id)
      where t.outcome is distinct from h.outcome`,
  },
  {
    // What a step refuses has a type of its own; everything else that ended a replay here was the database's doing.
    that: 'trouble of the database is no outcome',
    breaches: `select 'batch ' || batch_id || ', execution ' || execution_id || ': ' || coalesce(outcome_error_type, '') || ' '
        || coalesce(outcome_error_message, '') as what
      from retry_batch.plan_rows where outcome = 'error'
        and coalesce(outcome_error_type, '') not in ('WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError', 'IntegrationAuthError')`,
  },
  {
    that: 'a success in the history has its project, on that execution',
    breaches: `with ${HISTORY} select 'execution ' || h.execution_id as what from history h
      where h.outcome = 'success' and not exists (select from or_projects p
        where p.execution_id = h.execution_id and p.project_uuid::text = h.project_uuid)`,
  },
  {
    that: 'a project that the live app did not make has its history entry',
    breaches: `with ${HISTORY} select 'project ' || p.id || ' of execution ' || p.execution_id as what from or_projects p
      where p.name <> 'by the live app' and not exists (select from history h where h.project_uuid = p.project_uuid::text)`,
  },
  {
    that: "an execution's log has one entry for each replay",
    breaches: `with ${HISTORY} select 'execution ' || e.id || ': ' || logged.n || ' entries, ' || replays.n || ' replays' as what
      from or_ramp_executions e,
        lateral (select count(*) as n from jsonb_array_elements(e.logs) l where l ->> 'message' like 'replay of batch %') logged,
        lateral (select count(*) as n from history h where h.execution_id = e.id) replays
      where logged.n <> replays.n`,
  },
];

/** Whoever makes the replays. */
export const TRAIL_INVARIANTS: readonly Invariant[] = [
  {
    that: 'the audit trail has each turn of a row once, with its outcome',
    breaches: `with ${TRAIL} select 'batch ' || t.batch_id || ', execution ' || t.execution_id || ': row ' || coalesce(t.outcome, 'open')
        || ', trail ' || coalesce(string_agg(r.outcome, '+'), 'nothing') as what
      from retry_batch.plan_rows t left join trail r using (batch_id, execution_id)
      where t.skip_reason is null
      group by t.batch_id, t.execution_id, t.outcome
      having case when t.outcome in ('success', 'error', 'skipped') then coalesce(string_agg(r.outcome, '+'), '') <> t.outcome
        else count(r.outcome) > 0 end`,
  },
];
