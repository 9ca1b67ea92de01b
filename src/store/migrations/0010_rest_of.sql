-- The batch that was approved to replay what this one left. From then on this one never runs again: a row would have two
-- batches that replay it, and a report of each that the other contradicts.
alter table retry_batch.batches
  add column rest_taken_by uuid,
  add constraint batches_rest_taken check (
    rest_taken_by is null or status in ('previewed', 'finished', 'stopped', 'cancelled', 'expired'));
