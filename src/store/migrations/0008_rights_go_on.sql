-- What this release needs besides, the roles have that were granted their rights before it: it starts while processes of the
-- release before still run, and grants.sql is for when the last of them is gone.
do $$
declare
  role text;
begin
  for role in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = 'retry_batch' and table_name = 'plan_rows' and privilege_type = 'UPDATE'
      and grantee not in ('PUBLIC', current_user)
  loop
    execute format('grant select, insert, update, delete on retry_batch.last_tries to %I', role);
    execute format('grant execute on function retry_batch.pull_brake(jsonb, text) to %I', role);
  end loop;
end $$;
