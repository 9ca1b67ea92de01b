-- The peer of the dry run, written by hand: every matched execution with its first skip reason, or none. psql puts in
-- since, until and pattern (empty: none); the config errors are the default set, and nothing is forced.
select
  execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at, workflow_version, drift,
  error_type, error_message,
  case when reason is null and newest <> execution_id then 'duplicate_trigger_pending' else reason end as skip_reason,
  case when reason is null and newest <> execution_id
    then 'execution ' || newest_uuid || ' of the same trigger is in this plan' else detail end as skip_detail
from (
  select judged.*,
    first_value(execution_id) over same_trigger as newest,
    first_value(execution_uuid) over same_trigger as newest_uuid
  from (
    select e.id as execution_id, e.execution_uuid, e.vendor_id, e.ramp_id, r.ramp_uuid, e.created_at,
      e.workflow_version, e.workflow_version <> r.current_version as drift, e.trigger_key,
      error.type as error_type, error.message as error_message, found.reason,
      case found.reason
        when 'project_already_exists' then
          'project ' || (select min(p.project_uuid::text) from or_projects p where p.execution_id = e.id)
        when 'ramp_deleted' then 'workflow "' || left(r.name, 100) || '" was deleted'
        when 'ramp_archived' then 'workflow "' || left(r.name, 100) || '" is archived'
        when 'workflow_is_draft' then 'workflow "' || left(r.name, 100) || '" is a draft'
        when 'error_pattern_mismatch' then
          coalesce('last error: ' || left(error.message, 300), 'the last log entry has no error message')
        when 'duplicate_trigger_succeeded' then (
          select 'execution ' || min(s.execution_uuid::text) || ' of the same trigger succeeded'
          from or_ramp_executions s
          where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key and s.id <> e.id
            and (exists (select from or_projects p where p.execution_id = s.id)
              or s.status_code = 'SUCCESS' and greatest(s.created_at, s.finished_at) > e.created_at))
        when 'config_error' then concat_ws(': ', error.type, left(error.message, 300))
        when 'integration_disconnected' then 'integration ' || i.provider || ' is not connected'
        when 'duplicate_trigger_pending' then (
          select 'execution ' || min(s.execution_uuid::text) || ' of the same trigger is under way'
          from or_ramp_executions s
          where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key
            and s.status_code in ('PENDING', 'RUNNING') and (s.created_at, s.id) > (e.created_at, e.id))
      end as detail
    from or_ramp_executions e
    join or_ramps r on r.id = e.ramp_id
    left join or_integrations i on i.id = r.integration_id
    cross join lateral (
      select case when jsonb_typeof(e.logs) = 'array' then e.logs -> -1 end as entry offset 0
    ) newest
    cross join lateral (
      select case when jsonb_typeof(newest.entry -> 'error_type') = 'string' then newest.entry ->> 'error_type' end as type,
        case when jsonb_typeof(newest.entry -> 'error_message') = 'string' then newest.entry ->> 'error_message' end as message
      offset 0
    ) error
    cross join lateral (
      select case
        when exists (select from or_projects p where p.execution_id = e.id) then 'project_already_exists'
        when r.deleted_at is not null then 'ramp_deleted'
        when r.archived_at is not null then 'ramp_archived'
        when r.status = 'draft' then 'workflow_is_draft'
        when :'pattern' <> '' and coalesce(strpos(error.message collate "C", :'pattern' collate "C"), 0) = 0
          then 'error_pattern_mismatch'
        when exists (
          select from or_ramp_executions s
          where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key and s.id <> e.id
            and (exists (select from or_projects p where p.execution_id = s.id)
              or s.status_code = 'SUCCESS' and greatest(s.created_at, s.finished_at) > e.created_at)
          ) then 'duplicate_trigger_succeeded'
        when error.type in ('WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError')
          then 'config_error'
        when i.user_configured is false then 'integration_disconnected'
        when exists (
          select from or_ramp_executions s
          where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key
            and s.status_code in ('PENDING', 'RUNNING') and (s.created_at, s.id) > (e.created_at, e.id)
          ) then 'duplicate_trigger_pending'
      end as reason offset 0
    ) found
    where e.status_code = 'ERROR' and e.created_at >= :'since' and e.created_at < :'until'
  ) judged
  window same_trigger as (
    partition by ramp_id, trigger_key, reason is null order by created_at desc, execution_id desc)
) siblings
