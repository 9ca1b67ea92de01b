-- The bot's own tables. No foreign key points to OnRamp's tables: such a key locks the execution on every
-- insert, and a concurrent claim under SKIP LOCKED then finds nothing.

-- Errors that differ only in their variable parts are one group. The order matters: an address holds
-- numbers, a UUID holds hexadecimal, a quoted value may hold anything. The group is cut short after the
-- placeholders are in, or a longer value would move the cut and make another group; before that, only so far
-- that a log of megabytes costs no more than a page (measured: 0.2 ms at this length, 0.05 ms at 500).
create function retry_batch.error_group(error_type text, error_message text) returns text
  language sql immutable parallel safe
return concat_ws(': ', error_type, left(
  regexp_replace(
    regexp_replace(
      regexp_replace(
        regexp_replace(
          regexp_replace(
            left(error_message, 2000),
            '[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)+', '<email>', 'g'),
          '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', '<uuid>', 'g'),
        '(^|[^[:alnum:]_])(''[^'']*''|"[^"]*"|`[^`]*`|‘[^’]*’|“[^”]*”)', '\1<value>', 'g'),
      -- Digits and letters both: digits alone are a number, however many there are.
      '\m(0[xX][0-9a-fA-F]+|(?=[a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{8,})\M', '<hex>', 'g'),
    '[0-9]+([.,][0-9]+)*', '<n>', 'g'), 500));

create table retry_batch.batches (
  id uuid primary key default gen_random_uuid(),
  door text not null check (door in ('slack', 'http')),
  status text not null check (status in ('previewed', 'waiting', 'approved', 'running', 'paused', 'stopping',
    'finished', 'stopped', 'cancelled', 'expired')),
  request jsonb not null,
  -- The window as pinned at planning, microseconds and all; null for hand-picked executions.
  since_at timestamptz,
  until_at timestamptz,
  -- What the second judgement needs, as it was when the plan was made: approval approves these options.
  error_pattern text,
  force_retry boolean not null,
  suppress_notifications boolean not null,
  config_error_types text[] not null,
  summary jsonb not null,
  eligible integer not null,
  requested_by jsonb not null,
  requested_at timestamptz not null default now(),
  expires_at timestamptz,
  decided_by jsonb,
  decided_at timestamptz,
  -- Who or what holds it, since when and why; a run that holds itself asks, reminds once, and gives up in the end.
  held_by jsonb,
  held_at timestamptz,
  held_why text,
  reminded_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  chunk_size integer not null check (chunk_size between 1 and 25),
  chunks_done integer not null default 0,
  check ((since_at is null) = (until_at is null)),
  check (since_at < until_at),
  check (door = 'slack' or status not in ('waiting', 'approved', 'paused', 'cancelled', 'expired')),
  check (status <> 'waiting' or expires_at is not null),
  check (status not in ('approved', 'paused', 'cancelled') or decided_by is not null),
  check (status not in ('running', 'finished') or started_at is not null),
  check ((status in ('finished', 'stopped', 'cancelled', 'expired')) = (ended_at is not null))
);
create index batches_open on retry_batch.batches (status)
  where status in ('waiting', 'approved', 'running', 'paused', 'stopping');

-- Mirrors TRANSITIONS in src/domain/batch.ts; a test compares the two.
create function retry_batch.check_transition() returns trigger language plpgsql as $$
begin
  if old.status <> new.status and (old.status, new.status) not in (
    ('waiting', 'approved'), ('waiting', 'cancelled'), ('waiting', 'expired'),
    ('approved', 'running'), ('approved', 'paused'), ('approved', 'stopping'),
    ('running', 'finished'), ('running', 'paused'), ('running', 'stopping'), ('running', 'stopped'),
    ('paused', 'approved'), ('paused', 'stopping'),
    ('stopping', 'stopped'),
    ('finished', 'approved')
  ) then
    raise exception 'a batch can''t go from % to %', old.status, new.status
      using errcode = 'check_violation', constraint = 'batch_transition';
  end if;
  return new;
end $$;
create trigger batch_transition before update of status on retry_batch.batches
  for each row execute function retry_batch.check_transition();

-- The processes that work on a run and when each last said so; a sweep looks for runs whose last one went silent.
create table retry_batch.run_workers (
  batch_id uuid not null references retry_batch.batches,
  worker text not null,
  seen_at timestamptz not null default now(),
  primary key (batch_id, worker)
);

-- The canaries of a run: of each vendor and error group, one row goes first.
create table retry_batch.run_groups (
  batch_id uuid not null references retry_batch.batches,
  vendor_id bigint not null,
  error_group text not null,
  canary_position integer not null,
  verdict text check (verdict in ('passed', 'held')),
  primary key (batch_id, vendor_id, error_group)
);

-- One row for each matched execution: the plan, and what became of it. No key to batches: the check would
-- run for each of up to a million rows of one insert, and the batch is written in the same transaction.
create table retry_batch.plan_rows (
  batch_id uuid not null,
  position integer not null,
  execution_id bigint not null,
  execution_uuid uuid not null,
  vendor_id bigint not null,
  ramp_id bigint not null,
  ramp_uuid uuid not null,
  created_at timestamptz not null,
  workflow_version integer not null,
  drift boolean not null,
  error_type text,
  error_message text,
  error_group text,
  skip_reason text,
  skip_detail text,
  -- Set once, when its turn has ended.
  outcome text check (outcome in ('success', 'error', 'skipped', 'not_reached')),
  outcome_reason text,
  outcome_detail text,
  outcome_error_type text,
  outcome_error_message text,
  outcome_error_group text,
  project_uuid uuid,
  -- Held by somebody else at its turn; it comes again at the end of the run.
  locked_at timestamptz,
  -- Kept back by a canary or a breaker, and why; it has no turn until somebody retries what is held.
  held_because text,
  done_at timestamptz,
  primary key (batch_id, position),
  check (skip_reason is null or outcome is null),
  check (held_because is null or outcome is null or outcome = 'not_reached'),
  check ((outcome = 'success') = (project_uuid is not null)),
  check ((outcome = 'error') = (outcome_error_type is not null)),
  check ((outcome = 'skipped') = (outcome_reason is not null)),
  check ((outcome is null) = (done_at is null))
) with (fillfactor = 90);
create index plan_rows_locked on retry_batch.plan_rows (batch_id, position)
  where locked_at is not null and outcome is null;

-- The audit trail. Nobody changes it, its owner included.
create table retry_batch.events (
  id bigint generated always as identity primary key,
  batch_id uuid,
  action text not null,
  actor jsonb not null,
  evidence jsonb not null default '{}',
  at timestamptz not null default clock_timestamp()
);
create index events_batch on retry_batch.events (batch_id, id);

create function retry_batch.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
create trigger events_append_only before update or delete or truncate on retry_batch.events
  for each statement execute function retry_batch.refuse_change();

create table retry_batch.slack_identities (
  slack_team_id text not null,
  slack_user_id text not null,
  user_id bigint not null,
  mapped_by text not null,
  mapped_at timestamptz not null default now(),
  revoked_at timestamptz
);
create unique index slack_identities_live on retry_batch.slack_identities (slack_team_id, slack_user_id)
  where revoked_at is null;

-- What Slack shows of a batch, so that a message that could not be posted is posted later, once.
create table retry_batch.slack_threads (
  batch_id uuid primary key references retry_batch.batches,
  team_id text not null,
  channel_id text not null,
  notes jsonb not null default '[]',
  message_ts text,
  -- Digest of what the channel message and the progress message show now.
  message_shows text,
  progress_ts text,
  progress_shows text,
  progress_at timestamptz,
  -- How many of the two lists, and of the two closing messages, are posted.
  lists_posted integer not null default 0,
  report_posted integer not null default 0,
  -- The last event of the audit trail that the thread has.
  posted_event_id bigint not null default 0,
  settled boolean not null default false,
  lease_until timestamptz,
  next_try_at timestamptz not null default now(),
  failures integer not null default 0,
  last_failure text
);
create index slack_threads_open on retry_batch.slack_threads (next_try_at) where not settled;

-- Deliveries from Slack that were taken; the same one again does nothing.
create table retry_batch.slack_deliveries (
  key text primary key,
  seen_at timestamptz not null default now()
);
create index slack_deliveries_seen on retry_batch.slack_deliveries (seen_at);

-- Queued in the replay's own transaction. What keeps failing stays here, parked, until somebody redelivers it.
create table retry_batch.notifications (
  -- Also the webhook-id and the e-mail's Message-ID: the same on every try.
  id uuid primary key default gen_random_uuid(),
  batch_id uuid not null,
  execution_id bigint not null,
  project_uuid uuid not null,
  vendor_id bigint not null,
  kind text not null check (kind in ('webhook', 'email')),
  content jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'delivered', 'parked')),
  attempts integer not null default 0,
  last_failure text,
  queued_at timestamptz not null default now(),
  -- Not before then; also the lease of the process that is just trying.
  next_try_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (project_uuid, kind),
  check ((status = 'queued') = (ended_at is null))
);
create index notifications_batch on retry_batch.notifications (batch_id);
create index notifications_open on retry_batch.notifications (status, next_try_at) where status <> 'delivered';

-- The emergency brake: one flag, read before each replay and each delivery.
create table retry_batch.brake (
  only_row boolean primary key default true check (only_row),
  is_on boolean not null default false,
  changed_by text not null default 'migration',
  changed_at timestamptz not null default now()
);
insert into retry_batch.brake default values;
