-- What Slack doesn't take at the moment keeps nothing else back: lists that are owed and when they are tried next, a thread
-- whose message is gone, messages that ended up outside of it, and how many edits a workspace may still have.
alter table retry_batch.slack_threads
  add column owed_lists jsonb,
  add column owed_at timestamptz,
  add column thread_gone boolean,
  add column strays text[],
  -- Slack limits posts in the channel until then; edits go on.
  add column posts_after timestamptz;

-- One budget of edits for each workspace, whichever process and run edits: Slack limits the method, not the message.
create table retry_batch.slack_edits (
  team_id text primary key,
  -- When there were edits within the last minute.
  recent timestamptz[] not null default '{}',
  -- What is left of the figures' share, and when that was so.
  figures double precision not null,
  filled_at timestamptz not null,
  -- Slack said how long to wait.
  held_until timestamptz
);

-- Whoever may change threads may take from it: the roles that were granted their rights before this release.
do $$
declare
  role text;
begin
  for role in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = 'retry_batch' and table_name = 'slack_threads' and privilege_type = 'UPDATE'
      and grantee not in ('PUBLIC', current_user)
  loop
    execute format('grant select, insert, update on retry_batch.slack_edits to %I', role);
  end loop;
end $$;
