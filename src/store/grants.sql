-- What the bot's own role needs, where the schema belongs to another (MIGRATION_DATABASE_URL). After the first start
-- and after each upgrade, as the owner:   psql -v bot=retry_batch_bot -f src/store/grants.sql
-- The start checks all of it (check.ts) and lists what is missing.

-- Its own tables. It may add to the audit trail and not change it, and read who is mapped and not map anybody.
grant usage on schema retry_batch to :"bot";
grant select, insert, update on retry_batch.batches to :"bot";
grant select, insert, update, delete on
  retry_batch.plan_rows, retry_batch.run_workers, retry_batch.run_groups, retry_batch.slack_threads,
  retry_batch.notifications to :"bot";
grant select, insert, delete on retry_batch.slack_deliveries to :"bot";
grant select, insert on retry_batch.events to :"bot";
grant select on retry_batch.slack_identities, retry_batch.brake, retry_batch.migrations to :"bot";

-- The queue's tables.
grant usage on schema retry_batch_queue to :"bot";
grant select, insert, update, delete on all tables in schema retry_batch_queue to :"bot";
grant execute on all functions in schema retry_batch_queue to :"bot";

-- OnRamp's tables: reads what a plan and a replay need, writes what a replay makes.
grant select on
  or_vendors, or_users, or_user_roles, or_sessions, or_internal_api_keys, or_integrations, or_ramps,
  or_ramp_versions, or_ramp_executions, or_accounts, or_object_entity_ids, or_projects, or_project_tasks,
  or_workflow_history to :"bot";
grant update (status_code, logs, updated_at, finished_at) on or_ramp_executions to :"bot";
grant insert on or_accounts, or_object_entity_ids, or_projects, or_project_tasks, or_workflow_history to :"bot";
