-- Until when an edit may still arrive that a process had in hand when it was frozen or lost its lease. Then the thread's messages
-- are edited once more, whatever they were last seen to show.
alter table retry_batch.slack_threads add column doubted_until timestamptz;
