-- The peer's own plans: the bot's tables in shape and indexes, where no bot looks for work.
create schema peer;
create table peer.batches (like retry_batch.batches including all);
create table peer.plan_rows (like retry_batch.plan_rows including all);
alter table peer.plan_rows set (fillfactor = 90);
create table peer.events (like retry_batch.events including all);
