-- What of a plan was fixed by somebody else while it waits, and when that was last counted.
alter table retry_batch.batches
  add column fixed integer,
  add column fixed_counted_at timestamptz;

-- The thread's first reply: all of the dry run that its message has no room for. A process of the release before posts none.
alter table retry_batch.slack_threads
  add column details_ts text;
