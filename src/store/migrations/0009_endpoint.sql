-- Replays by an endpoint that exists: which batches are replayed there, and what of them is there just now.
alter table retry_batch.batches
  -- Whose endpoint makes the replays; null: the bot itself does, in the database, as with every batch of earlier releases.
  add column replay_host text;

alter table retry_batch.plan_rows
  -- The call that the row was sent in, until what became of it is known.
  add column sent_call uuid,
  -- What the execution had when it was first sent: its history entries of replays, and entries of its log.
  add column history_before integer,
  add column logs_before integer,
  -- How many such entries it had when it got its outcome: what came later is somebody else's.
  add column history_after integer,
  -- Calls that gave no sign of it, and how many rows the next one with it may have.
  add column tries integer,
  add column next_size integer;

-- Rows that are sent and not settled, of all batches: one execution, and one trigger, is under way once. A table of its own:
-- an index over plan_rows would be built under a lock at the start, and be maintained where nothing is ever sent.
create table retry_batch.sent_rows (
  batch_id uuid not null,
  position integer not null,
  execution_id bigint not null unique,
  ramp_id bigint not null,
  trigger_key text not null,
  call_id uuid not null,
  worker text not null,
  sent_at timestamptz not null,
  primary key (batch_id, position),
  unique (ramp_id, trigger_key)
);
create index sent_rows_call on retry_batch.sent_rows (call_id);
