-- What Sentry says of a plan's issue, and after the run of what happened since it began. It is stored first, and then shown.
alter table retry_batch.batches
  add column sentry jsonb,
  add column sentry_after jsonb,
  -- When it is asked next: of a plan that waits at once, of a run some time after its end. Null: nobody waits for an answer.
  add column sentry_due_at timestamptz;
create index batches_sentry_due on retry_batch.batches (sentry_due_at) where sentry_due_at is not null;
