// What the campaign adds to the template: a slow disk, what the live app knows of its own commits, what was marked as sent
// and when, and errors as the server would raise them. None of it is the bot's; the bot must get along with it, as whatever
// role: what a trigger does, it does as the campaign.

/**
 * A slow disk, in some rounds: between a judgement and the commit behind it there is time for others to come in between.
 * What people ticked of what runs owe. And what the live app knows of its own commits, and of when the fix was broken, by the
 * server's clock and written after the answer to COMMIT: a replay that began later must have seen them.
 */
export const CHAOS_TABLES = `
  create schema chaos;
  create table chaos.app_commits (execution_id bigint not null, known_at timestamptz not null default clock_timestamp());
  create table chaos.broken (execution_id bigint not null, known_at timestamptz not null default clock_timestamp(),
    mended_at timestamptz);
  create table chaos.ticked (batch_id uuid not null, vendor_id bigint not null, kind text not null);
  create table chaos.slowness (milliseconds integer not null);
  create function chaos.dawdle() returns trigger language plpgsql security definer as $$
  begin
    perform pg_sleep(random() * milliseconds / 1000.0) from chaos.slowness;
    return new;
  end $$;
  create trigger dawdle before insert on or_projects for each row execute function chaos.dawdle();`;

/** Where errors are raised: in tables that the bot writes, by who makes the replays. */
export const RAISING = {
  database: ['or_projects', 'or_workflow_history', 'retry_batch.plan_rows', 'retry_batch.events'],
  endpoint: ['retry_batch.plan_rows', 'retry_batch.events', 'retry_batch.sent_rows'],
} as const;

const RAISED = [...new Set([...RAISING.database, ...RAISING.endpoint])];

/**
 * Needs the bot's schema. While a row of chaos.raising names a table, that share of the bot's statements on it fails, and
 * the row's sequence counts how many did: unlike a row, a sequence's step is not rolled back with them.
 */
export const RAISING_TRIGGERS = `
  create table chaos.raising (relation regclass not null, sqlstate text not null, share float8 not null, counter regclass not null);
  create function chaos.raise() returns trigger language plpgsql security definer as $$
  declare
    found chaos.raising;
  begin
    select * into found from chaos.raising r
    where r.relation = tg_relid and random() < r.share and current_setting('application_name') like 'retry-batch%'
    limit 1;
    if found.counter is not null then
      perform nextval(found.counter);
      raise exception 'raised by the chaos' using errcode = found.sqlstate;
    end if;
    return null;
  end $$;
  ${RAISED.map(
    (table) =>
      `create trigger chaos_raise before insert or update on ${table} for each statement execute function chaos.raise();`,
  ).join('\n')}`;

/**
 * Needs the bot's schema. Every marking of a row as sent, and until when it stood, by the server's clock: the bot itself keeps
 * only those that stand. `began_at` is when the marking transaction began, before it looked at anything; `outcome` is
 * what the row had when it was freed. And the calls that the application got, and how they ended for the bots, which the recount
 * writes down.
 */
export const SENT_LOG = `
  create table chaos.sent (call_id uuid not null, batch_id uuid not null, position integer not null, execution_id bigint not null,
    ramp_id bigint not null, trigger_key text not null, began_at timestamptz not null default now(),
    sent_at timestamptz not null default clock_timestamp(), freed_at timestamptz, outcome text);
  create index on chaos.sent (call_id, position);
  create table chaos.calls (id uuid not null, at timestamptz not null, by_hand boolean not null, execution_uuid uuid not null,
    outcome text);
  create table chaos.ends (call_id uuid not null, status text not null, seconds float8 not null);
  create function chaos.note_sent() returns trigger language plpgsql security definer as $$
  begin
    if tg_op = 'INSERT' then
      insert into chaos.sent (call_id, batch_id, position, execution_id, ramp_id, trigger_key)
      values (new.call_id, new.batch_id, new.position, new.execution_id, new.ramp_id, new.trigger_key);
    else
      -- Taken back by the transaction that marked it, because the judgement behind the mark skipped it: it is never sent.
      delete from chaos.sent where call_id = old.call_id and position = old.position and began_at = now();
      update chaos.sent set freed_at = clock_timestamp(), outcome = (select t.outcome from retry_batch.plan_rows t
        where t.batch_id = old.batch_id and t.position = old.position)
      where call_id = old.call_id and position = old.position and freed_at is null;
    end if;
    return null;
  end $$;
  create trigger chaos_sent after insert or delete on retry_batch.sent_rows for each row execute function chaos.note_sent();`;
