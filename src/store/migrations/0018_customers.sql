-- The list of a run's customers, while its thread lacks it: apart from the other lists, of which a process of the release before
-- knows every one.
alter table retry_batch.slack_threads
  add column owed_customers jsonb,
  -- The end (an event) whose customers stand in the thread.
  add column customers_event_id bigint;

-- The group of the error that a row is held for; `held_because` says it in a sentence.
alter table retry_batch.plan_rows add column held_for text;
