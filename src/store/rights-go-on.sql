-- Rights on the tables that releases added, for the roles that were granted theirs before: a release starts while processes of the
-- one before still run, and grants.sql is for when the last of them is gone. Runs as the owner in the transaction of each new
-- migration, for the tables that are there by then.
do $$
declare
  role text;
  added record;
begin
  for role in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = 'retry_batch' and table_name = 'slack_threads' and privilege_type = 'UPDATE'
      and grantee not in ('PUBLIC', current_user)
  loop
    for added in
      select * from (values
        ('readings', 'select, insert, update, delete'),
        ('drafts', 'select, insert, update, delete'),
        ('slack_homes', 'select, insert, update, delete'),
        ('owed_choices', 'select, insert, update, delete'),
        ('sessions', 'select, insert, update (revoked_at), delete')
      ) as of_releases (name, rights) where to_regclass('retry_batch.' || name) is not null
    loop
      execute format('grant %s on retry_batch.%I to %I', added.rights, added.name, role);
    end loop;
  end loop;
end $$;
