-- The form in Slack. What it has no field for is kept here for whoever has it open, and the dry run that came of it: one form
-- makes one dry run, however often it is sent.
create table retry_batch.drafts (
  id uuid primary key,
  -- The Slack user who has it open.
  user_id text not null,
  -- Fields of the request, as the command would have them.
  kept jsonb not null,
  -- The dry run that it changes.
  replaces uuid,
  batch_id uuid,
  expires_at timestamptz not null
);
create index drafts_expiry on retry_batch.drafts (expires_at);

alter table retry_batch.batches
  -- The dry run in whose place this one was asked for: cancelled once this one is posted, if it still waits then.
  add column replaces uuid,
  -- The one that took this one's place.
  add column replaced_by uuid;
