// Holding the bot still at a named statement, with nothing but another connection's lock in its database.
import type pg from 'pg';
import { until } from './until.ts';
import type { TestDatabase, World } from './world.ts';

export type Holder = {
  /** Takes a lock, or waits in line for it in the background. */
  take(sql: string, values?: unknown[]): Promise<void>;
  release(): Promise<void>;
};

/** A connection of its own that holds locks until they are released. */
export async function holder(world: World): Promise<Holder> {
  const client = await world.connect();
  await client.query('begin');
  return {
    take: async (sql, values = []) => void (await client.query(sql, values)),
    release: async () => {
      await client.query('commit');
      await client.end();
    },
  };
}

/** What the bot's connections wait for: statements that are held by somebody's lock. */
export async function held(
  world: World,
  statement: RegExp,
  applicationName = 'retry-batch',
): Promise<number> {
  const found = await until(`a statement like ${statement} is held`, async () => {
    const waiting = await world.sql<{ pid: number; query: string }>(
      `select pid, query from pg_stat_activity
       where datname = current_database() and application_name = $1 and wait_event_type = 'Lock'`,
      [applicationName],
    );
    return waiting.find((one) => statement.test(one.query));
  });
  return found.pid;
}

/** Who works on the run, as the process calls itself. */
export async function workerOf(world: World, batchId: string): Promise<string> {
  return until('a process works on the run', async () => {
    const [found] = await world.sql<{ worker: string }>(
      'select worker from retry_batch.run_workers where batch_id = $1 order by seen_at limit 1',
      [batchId],
    );
    return found?.worker;
  });
}

/** Which process works on the run, by its id on this machine. */
export async function workerPid(world: World, batchId: string): Promise<number> {
  return Number(/-(\d+)-[0-9a-f]{8}$/.exec(await workerOf(world, batchId))?.[1]);
}

/** The trigger's lock, as every replay of it takes it. */
export const TRIGGER_LOCK = `select pg_advisory_xact_lock(hashtextextended(e.ramp_id || ':' || e.trigger_key, 4887))
  from or_ramp_executions e where e.id = $1`;

/** An edge that no table lock singles out is held by a trigger of the test's, which waits for this lock. */
export const EDGE_LOCK = 'select pg_advisory_xact_lock(20260511)';

/** Lets the database wait for EDGE_LOCK before it writes `condition` to the table. */
export async function holdEdge(
  world: World,
  name: string,
  when: string,
  table: string,
  condition: string,
): Promise<void> {
  await world.sql(`create or replace function public.wait_for_edge() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(20260511); return new; end $$`);
  await world.sql(`create trigger ${name} before ${when} on ${table}
    for each row when (${condition}) execute function public.wait_for_edge()`);
}

export async function dropEdge(world: World, name: string, table: string): Promise<void> {
  await world.sql(`drop trigger ${name} on ${table}`);
}

/** Ends a backend as a crash of its machine would: nothing that it waited to do is done. */
export async function killBackend(client: pg.Client | World, pid: number): Promise<void> {
  if ('sql' in client) await client.sql('select pg_terminate_backend($1)', [pid]);
  else await client.query('select pg_terminate_backend($1)', [pid]);
}

/** Gets in line for a lock behind what holds it now; resolves when the database has it in line, or gave it. */
export async function inLine(world: TestDatabase, sql: string, values: unknown[] = []): Promise<Holder> {
  const client = await world.connect();
  await client.query('begin');
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  let given = false;
  const taking = client.query(sql, values).then(() => {
    given = true;
  });
  await until('the lock is in line', async () => {
    const [mine] = await world.sql<{ waits: boolean }>(
      `select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = $1`,
      [rows[0]?.pid],
    );
    return given || mine?.waits;
  });
  return {
    take: async (more, with_ = []) => void (await client.query(more, with_)),
    release: async () => {
      await taking;
      await client.query('commit');
      await client.end();
    },
  };
}

/**
 * How many locks on the table are waited for, in that mode or in any. Of this database only: databases that were made from one template
 * give their tables the same numbers, and `pg_locks` is the whole server's.
 */
export async function locksAwaited(world: TestDatabase, table: string, mode = '%'): Promise<number> {
  const waiting = await world.sql(
    `select from pg_locks where not granted and relation = $1::regclass and mode like $2
       and database = (select oid from pg_database where datname = current_database())`,
    [table, mode],
  );
  return waiting.length;
}

/** What of OnRamp's the bot's connections to this database have locked, other than to read it: `ExclusiveLock on or_projects`. */
export async function lockedOfOnramps(world: TestDatabase): Promise<string[]> {
  const locked = await world.sql<{ what: string }>(
    `select l.mode || ' on ' || l.relation::regclass as what from pg_locks l join pg_stat_activity a using (pid)
     where a.datname = current_database() and a.application_name like 'retry-batch%'
       and l.relation::regclass::text like 'or\\_%' and l.mode <> 'AccessShareLock'`,
  );
  return locked.map((lock) => lock.what);
}
