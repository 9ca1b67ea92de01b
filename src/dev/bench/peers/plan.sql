-- A plan for the peer's replays, out of the peer's own classification: psql puts in batch, since
-- and until; the statement of classification.sql stands where its name does.
begin;
insert into peer.batches (id, door, status, request, since_at, until_at, force_retry, suppress_notifications,
  config_error_types, summary, eligible, requested_by, started_at, chunk_size)
values (:'batch', 'http', 'running', '{}', :'since', :'until', false, true,
  '{WorkflowConfigError,MissingTriggerFieldError,MissingRelatedAccountError}', '{}', 0, '{}', now(), 25);
insert into peer.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at,
  workflow_version, drift, error_type, error_message, error_group, skip_reason, skip_detail)
select :'batch', row_number() over (order by skip_reason is not null, created_at, execution_id), execution_id,
  execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at, workflow_version, drift, error_type, error_message,
  retry_batch.error_group(error_type, error_message), skip_reason, coalesce(skip_detail, '')
from (classification) planned;
commit;
