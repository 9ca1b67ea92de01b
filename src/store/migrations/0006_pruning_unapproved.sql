-- Dry runs that nobody approved are pruned a day after their end, others much later: each kind is found without the other.
drop index retry_batch.batches_prunable;
create index batches_prunable_unapproved on retry_batch.batches (coalesce(ended_at, requested_at))
  where not lists_gone and status in ('previewed', 'cancelled', 'expired');
create index batches_prunable_ran on retry_batch.batches (coalesce(ended_at, requested_at))
  where not lists_gone and status in ('finished', 'stopped');
