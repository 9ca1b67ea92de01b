-- Exactly what the bot's database role needs, for the owner to run after the migrations and again after an upgrade:
--   psql -v role=retry_batch_bot -f src/store/grants.sql "$MIGRATION_DATABASE_URL"
-- The role is created beforehand (create role … login password …) and owns nothing. After an upgrade, run it once the last
-- process of the release before is gone: it takes back what earlier releases gave and this one does without.

begin;
revoke all on or_vendors, or_users, or_user_roles, or_sessions, or_internal_api_keys, or_integrations, or_ramps,
  or_ramp_versions, or_ramp_executions, or_accounts, or_object_entity_ids, or_projects, or_project_tasks, or_workflow_history from :"role";
revoke all on all tables in schema retry_batch, retry_batch_queue from :"role";

-- OnRamp's tables: it reads the columns named here, adds what a replay creates, and changes an execution's outcome.
grant select (id, name, crm_webhook_url, crm_webhook_secret, notify_email) on or_vendors to :"role";
grant select (id, email, display_name, is_active) on or_users to :"role";
grant select (user_id, role) on or_user_roles to :"role";
grant select (token_sha256, user_id, created_at, expires_at, revoked_at) on or_sessions to :"role";
grant select (api_key, secret_sha256, name, role, created_at, revoked_at) on or_internal_api_keys to :"role";
grant select (id, vendor_id, provider, user_configured, token_revoked_at) on or_integrations to :"role";
grant select (id, ramp_uuid, vendor_id, name, integration_id, status, current_version, archived_at,
  deleted_at) on or_ramps to :"role";
grant select (ramp_id, version, definition, created_at) on or_ramp_versions to :"role";
grant select (id, execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
  status_code, logs, created_at, updated_at, finished_at) on or_ramp_executions to :"role";
grant update (status_code, logs, updated_at, finished_at) on or_ramp_executions to :"role";
grant select (id, vendor_id, name, created_at, archived_at) on or_accounts to :"role";
grant insert on or_accounts to :"role";
grant select (id, vendor_id, entity_type, external_id, entity_id, created_at, archived_at) on
  or_object_entity_ids to :"role";
grant insert on or_object_entity_ids to :"role";
grant select (id, project_uuid, vendor_id, account_id, ramp_id, execution_id, name, created_at) on
  or_projects to :"role";
grant insert on or_projects to :"role";
grant select (id, project_id, position, name) on or_project_tasks to :"role";
grant insert on or_project_tasks to :"role";
grant select (id, execution_id, ramp_id, vendor_id, action, actor, details, created_at) on
  or_workflow_history to :"role";
grant insert on or_workflow_history to :"role";

-- Its own tables: it can't change the audit trail, nor say in it when an event was or who wrote it; nor who is mapped to
-- whom, nor release the emergency brake.
grant usage on schema retry_batch to :"role";
grant select, insert, update on retry_batch.batches to :"role";
grant select, insert, update, delete on retry_batch.plan_rows to :"role";
grant select, insert, update, delete on retry_batch.last_tries to :"role";
grant select, insert, update, delete on retry_batch.run_workers to :"role";
grant select, insert, update, delete on retry_batch.run_groups to :"role";
grant select on retry_batch.events to :"role";
grant insert (batch_id, action, actor, evidence) on retry_batch.events to :"role";
grant select on retry_batch.slack_identities to :"role";
grant select, insert, update, delete on retry_batch.slack_threads to :"role";
grant select, insert, update on retry_batch.slack_edits to :"role";
grant select, insert, delete on retry_batch.slack_deliveries to :"role";
grant select, insert, update, delete on retry_batch.drafts to :"role";
grant select, insert, update, delete on retry_batch.readings to :"role";
grant select, insert, update, delete on retry_batch.owed_choices to :"role";
grant select, insert, update, delete on retry_batch.slack_homes to :"role";
grant select, insert, delete on retry_batch.sessions to :"role";
grant update (revoked_at) on retry_batch.sessions to :"role";
grant select, insert, update, delete on retry_batch.notifications to :"role";
grant select on retry_batch.brake to :"role";
grant execute on function retry_batch.pull_brake(jsonb, text) to :"role";
grant select on retry_batch.migrations to :"role";

-- The queue's tables: jobs come and go, and processes say that they live. Everything else it only reads: `bam` holds
-- statements, `version` says which migrations are still to come, and of `queue` the owner's session takes names of
-- tables. The owner executes what stands there.
grant usage on schema retry_batch_queue to :"role";
grant select on all tables in schema retry_batch_queue to :"role";
grant insert, update, delete on retry_batch_queue.job, retry_batch_queue.job_common, retry_batch_queue.job_dependency,
  retry_batch_queue.instance to :"role";
grant update (deferred_count, blocked_count, queued_count, ready_count, active_count, failed_count, total_count,
  retained_count, retained_on, created_delta, completed_delta, failed_delta, delta_on, delta_seconds, wait_bins, run_bins,
  ready_oldest_seconds, ready_history, singletons_active, monitor_claim_on, monitor_on, maintain_on)
  on retry_batch_queue.queue to :"role";
commit;
