-- When a row was last tried without a history entry of OnRamp's that says so: it was locked, skipped, or refused by the
-- database. A table by execution and not a column of the plan, because plans are pruned, and a call over HTTP stores only
-- what it tries: the order of the next call depends on this.
create table retry_batch.last_tries (
  execution_id bigint primary key,
  tried_at timestamptz not null
);
create index last_tries_old on retry_batch.last_tries (tried_at);
