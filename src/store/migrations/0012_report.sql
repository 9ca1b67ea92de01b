-- How long a run has run: what a rate and a report's figure are of, without the pauses. Kept by the database itself, so that a
-- process of the release before counts like this one.
alter table retry_batch.batches
  -- What was counted when it last paused or ended; null where it never ran.
  add column ran_seconds double precision,
  -- Since when it runs; null while it doesn't.
  add column running_since timestamptz;

-- Only what is open is filled in, a few rows; of a run that ended before, start and end tell.
update retry_batch.batches
set running_since = case when status in ('running', 'stopping') then started_at end,
  ran_seconds = case when status not in ('running', 'stopping')
    then extract(epoch from coalesce(held_at, now()) - started_at) end
where started_at is not null and ended_at is null;

create function retry_batch.count_running() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.ran_seconds is null and old.ended_at is not null then
    new.ran_seconds := extract(epoch from old.ended_at - old.started_at);
  end if;
  if new.status = 'running' and new.running_since is null then
    new.running_since := now();
  -- Stopped, the replays in hand still finish.
  elsif new.status not in ('running', 'stopping') and new.running_since is not null then
    new.ran_seconds := coalesce(new.ran_seconds, 0) + extract(epoch from now() - new.running_since);
    new.running_since := null;
  end if;
  return new;
end $$;
create trigger count_running before insert or update of status on retry_batch.batches
  for each row execute function retry_batch.count_running();

-- The report is posted before the lines that are still owed, and edited afterwards.
alter table retry_batch.slack_threads
  -- The end (an event) whose report stands in the thread, and the message that it is.
  add column report_event_id bigint,
  add column last_report_ts text,
  -- Digest of what it shows.
  add column report_shows text,
  -- Reports that a retry has overtaken and that still have to say so.
  add column overtaken jsonb;
