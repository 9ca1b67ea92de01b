-- When the execution said that it finished, as its replay's failure was written down: an application that makes the replays sets
-- that by its own clock, and nobody can tell from the time alone whose finish it is.
alter table retry_batch.last_tries add column failed_finish timestamptz;
