// What the campaign adds to the template: a slow disk, what the live app knows of its own commits, and errors as the
// server would raise them. None of it is the bot's; the bot must get along with it.

/**
 * A slow disk, in some rounds: between a judgement and the commit behind it there is time for others to come in between.
 * And what the live app knows of its own commits, by the server's clock and written after the answer to COMMIT: a replay
 * that began later must have seen them.
 */
export const CHAOS_TABLES = `
  create schema chaos;
  create table chaos.app_commits (execution_id bigint not null, known_at timestamptz not null default clock_timestamp());
  create table chaos.slowness (milliseconds integer not null);
  create function chaos.dawdle() returns trigger language plpgsql as $$
  begin
    perform pg_sleep(random() * milliseconds / 1000.0) from chaos.slowness;
    return new;
  end $$;
  create trigger dawdle before insert on or_projects for each row execute function chaos.dawdle();`;

/** Where errors are raised. */
export const RAISING = [
  'or_projects',
  'or_workflow_history',
  'retry_batch.plan_rows',
  'retry_batch.events',
] as const;

/**
 * Needs the bot's schema. While a row of chaos.raising names a table, that share of the bot's statements on it fails, and
 * the row's sequence counts how many did: unlike a row, a sequence's step is not rolled back with them.
 */
export const RAISING_TRIGGERS = `
  create table chaos.raising (relation regclass not null, sqlstate text not null, share float8 not null, counter regclass not null);
  create function chaos.raise() returns trigger language plpgsql as $$
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
  ${RAISING.map(
    (table) =>
      `create trigger chaos_raise before insert or update on ${table} for each statement execute function chaos.raise();`,
  ).join('\n')}`;
