-- The peer of one replay, written by hand for pgbench -M prepared: one transaction with the statements that a replay
-- needs, one after the other. Each client is told which row of the plan is its next, which favours the peer: the bot
-- has to find it. Given: batch (a UUID), clients, n (0 at first).
\set n :n + 1
\set position (:n - 1) * :clients + :client_id + 1
begin;

select t.execution_id, t.execution_uuid
from peer.plan_rows t
where t.batch_id = :batch and t.position = :position
  and t.skip_reason is null and t.outcome is null and t.held_because is null and t.locked_at is null
  and exists (select from peer.batches b where b.id = t.batch_id and b.status = 'running')
  and not exists (select from retry_batch.brake where is_on)
for update of t skip locked \gset

select e.id as claimed from or_ramp_executions e where e.id = :execution_id for update of e skip locked \gset

select pg_advisory_xact_lock(hashtextextended(e.ramp_id || ':' || e.trigger_key, 4887))
from or_ramp_executions e where e.id = :execution_id;

select e.vendor_id, e.ramp_id,
  d.definition #>> '{project,tasks}' as tasks,
  e.trigger_payload #>> string_to_array(d.definition #>> '{account,external_id}', '.') as external_id,
  e.trigger_payload #>> string_to_array(d.definition #>> '{account,name}', '.') as account_name,
  replace(d.definition #>> '{project,name}', '{{account.name}}', e.trigger_payload #>> '{account,name}') as project_name,
  coalesce(found.reason, '-') as reason, case when found.reason is null then 1 else 0 end as goes
from peer.batches b, or_ramp_executions e
join or_ramps r on r.id = e.ramp_id
join or_vendors v on v.id = e.vendor_id
left join or_integrations i on i.id = r.integration_id
join or_ramp_versions d on d.ramp_id = e.ramp_id and d.version = e.workflow_version
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
      when e.status_code <> 'ERROR' then 'status_not_error'
      when e.created_at < b.since_at or e.created_at >= b.until_at then 'outside_time_window'
      when exists (select from or_projects p where p.execution_id = e.id) then 'project_already_exists'
      when r.deleted_at is not null then 'ramp_deleted'
      when r.archived_at is not null then 'ramp_archived'
      when r.status = 'draft' then 'workflow_is_draft'
      when b.error_pattern is not null
        and coalesce(strpos(error.message collate "C", b.error_pattern collate "C"), 0) = 0 then 'error_pattern_mismatch'
      when exists (
        select from or_ramp_executions s
        where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key and s.id <> e.id
          and (exists (select from or_projects p where p.execution_id = s.id)
            or s.status_code = 'SUCCESS' and greatest(s.created_at, s.finished_at) > e.created_at)
        ) then 'duplicate_trigger_succeeded'
      when not b.force_retry and error.type = any (b.config_error_types) then 'config_error'
      when i.user_configured is false then 'integration_disconnected'
      when exists (
        select from or_ramp_executions s
        where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key
          and s.status_code in ('PENDING', 'RUNNING') and (s.created_at, s.id) > (e.created_at, e.id)
        ) then 'duplicate_trigger_pending'
    end as reason offset 0
) found
where b.id = :batch and e.id = :execution_id \gset

\if :goes

savepoint steps;

select coalesce((
  select case when a.vendor_id = :vendor_id and a.archived_at is null then a.id end
  from or_object_entity_ids l left join or_accounts a on a.id = l.entity_id
  where l.vendor_id = :vendor_id and l.entity_type = 'account' and l.external_id = :external_id and l.archived_at is null
), 0) as account_id \gset

\if :account_id = 0
with account as (
  insert into or_accounts (vendor_id, name, created_at) values (:vendor_id, :account_name, now()) returning id)
insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
select :vendor_id::bigint, 'account', :external_id::text, id, now() from account
-- Two at once for one customer: the other's account is used, and this one is left over. The bot is more careful.
on conflict (vendor_id, entity_type, external_id) where archived_at is null
  do update set entity_id = or_object_entity_ids.entity_id
returning entity_id as account_id \gset
\endif

with project as (
  insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
  values (:vendor_id, :account_id, :ramp_id, :execution_id, :project_name, now()) returning id, project_uuid
), tasks as (
  insert into or_project_tasks (project_id, position, name)
  select project.id, task.position, task.name
  from project, jsonb_array_elements_text(:tasks::jsonb) with ordinality as task (name, position)
)
select project_uuid from project \gset

with replayed as (
  update or_ramp_executions
  set status_code = 'SUCCESS', finished_at = now(), updated_at = now(),
    logs = (case when jsonb_typeof(logs) = 'array' then logs else jsonb_build_array(logs) end)
      || jsonb_build_array(jsonb_build_object('at', now(), 'level', 'info', 'message', 'replay of batch ' || left(:batch::text, 8) || ' succeeded'))
  where id = :execution_id
  returning id, ramp_id, vendor_id, execution_uuid
), history as (
  insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
  select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'peer@onramp.example', jsonb_build_object(
    'batch_id', :batch::uuid, 'outcome', 'success', 'error_type', null, 'project_uuid', :project_uuid::uuid)
  from replayed
), event as (
  insert into peer.events (batch_id, action, actor, evidence)
  select :batch::uuid, 'replayed', '{"kind": "system", "name": "peer"}', jsonb_build_object(
    'execution_uuid', execution_uuid, 'outcome', 'success', 'project_uuid', :project_uuid::uuid)
  from replayed
)
update peer.plan_rows set outcome = 'success', done_at = now(), project_uuid = :project_uuid::uuid
where batch_id = :batch::uuid and position = :position and exists (select from replayed);

\else

with event as (
  insert into peer.events (batch_id, action, actor, evidence)
  values (:batch::uuid, 'replayed', '{"kind": "system", "name": "peer"}', jsonb_build_object(
    'execution_uuid', :execution_uuid::uuid, 'outcome', 'skipped', 'reason', :reason::text))
)
update peer.plan_rows set outcome = 'skipped', outcome_reason = :reason::text, outcome_detail = '', done_at = now()
where batch_id = :batch::uuid and position = :position;

\endif

commit;
