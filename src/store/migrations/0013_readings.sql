-- What somebody typed in everyday words, as it was read: kept for its person alone, until they have it run or it is too old.
create table retry_batch.readings (
  id uuid primary key default gen_random_uuid(),
  slack_user_id text not null,
  request jsonb not null,
  -- What was read into it, for the dry run's message.
  notes jsonb not null,
  read_at timestamptz not null default now(),
  -- The dry run that it became: no second one is made of it.
  batch_id uuid
);
create index readings_read_at on retry_batch.readings (read_at);
