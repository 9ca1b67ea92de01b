-- What ended long ago is pruned in small bites: its lists go, its summary and its audit trail stay.
alter table retry_batch.batches
  -- From then on its lists are incomplete and nobody reads them any more.
  add column pruned_at timestamptz,
  add column lists_gone boolean not null default false;
create index batches_prunable on retry_batch.batches (coalesce(ended_at, requested_at)) where not lists_gone;
create index notifications_delivered on retry_batch.notifications (ended_at) where status = 'delivered';
