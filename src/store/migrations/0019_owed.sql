-- The news that a suppressed run owes its customers: what somebody chose of it, as it was shown to them. Their click acts on
-- these rows and no others, once.
create table retry_batch.owed_choices (
  id uuid primary key default gen_random_uuid(),
  batch_id uuid not null,
  slack_user_id text not null,
  -- Positions in the batch's plan.
  webhooks integer[] not null,
  emails integer[] not null,
  shown_at timestamptz not null default now(),
  sent_at timestamptz
);
create index owed_choices_shown_at on retry_batch.owed_choices (shown_at);

alter table retry_batch.slack_threads
  -- The report that stands in the thread has the button for what is owed; a process of the release before posts none.
  add column report_owes boolean;
create index slack_threads_owing on retry_batch.slack_threads (batch_id) where report_owes;
