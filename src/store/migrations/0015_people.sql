-- Ways back in: where a batch's message is, who was called for it, and whose Home tab shows what.
alter table retry_batch.slack_threads
  -- Slack's address of the channel message, as it was once answered.
  add column link text,
  -- When those who can approve were called, and who is still to be told of it in a direct message.
  add column called_at timestamptz,
  add column to_tell text[];
create index slack_threads_called on retry_batch.slack_threads (channel_id, called_at) where called_at is not null;

-- The last ones that ended are asked for by people who wait.
create index batches_ended_last on retry_batch.batches (ended_at) where ended_at is not null;

-- Who opened the app's Home tab; it is kept up to date for them for a day.
create table retry_batch.slack_homes (
  team_id text not null,
  user_id text not null,
  opened_at timestamptz not null default now(),
  -- When it is to be looked at again; null while nothing has changed for this person.
  due_at timestamptz,
  -- Digest of what Slack was last given.
  shows text,
  primary key (team_id, user_id)
);
create index slack_homes_due on retry_batch.slack_homes (due_at) where due_at is not null;
