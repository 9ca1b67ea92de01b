-- What could not be shown in Slack as it should be, and who was told instead: once, by whichever process comes first.
alter table retry_batch.slack_threads
  -- The piece that was last on its way to Slack; still there at the next try, it may stand in the thread already.
  add column sending text,
  -- Slack was away for longer than a moment: what is only old news by now is left out.
  add column held_up boolean not null default false,
  -- The batch's status that the channel message, or the thread in its place, and the bar last told.
  add column message_told text,
  add column progress_told text,
  -- Further copies of the channel message, known by clicks on them: a post whose answer was lost was posted again.
  add column message_copies text[] not null default '{}',
  -- The report that still has Retry held, and what it shows when that is over.
  add column report_ts text,
  add column report_later text,
  -- The last event that the requester was told of privately, or should have been, and why that failed.
  add column private_event_id bigint not null default 0,
  add column untold text;
