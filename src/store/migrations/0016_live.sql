-- Whether the fix is live, asked at the dry run, while it waits and when somebody clicks Approve.
alter table retry_batch.batches
  -- The error groups and workflows that are asked about, the largest of the eligible rows'.
  add column kin jsonb,
  -- What was answered last, by the database's clock.
  add column live jsonb;
