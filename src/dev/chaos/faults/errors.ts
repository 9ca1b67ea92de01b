// Errors of the database that say nothing about the statement: a deadlock, what the server raises on a bad day, and no
// connection left. Each counts where the server itself shows it.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Random } from '../random.ts';
import { RAISING } from '../sql.ts';
import { pause, type Stage } from '../stage.ts';

const RAISED = [
  { state: '40001', name: 'serialization failure' },
  { state: '53100', name: 'disk full' },
  { state: '53300', name: 'too many connections' },
] as const;

/** For a while a share of the bots' statements on one table fails. */
export async function raiseErrors(stage: Stage, random: Random): Promise<void> {
  const { state, name } = random.pick(RAISED);
  const relation = random.pick(RAISING[stage.application === null ? 'database' : 'endpoint']);
  const share = random.pick([0.1, 0.4, 1]);
  const lasts = random.between(300, 2500);
  const counter = `chaos.raised_${randomUUID().replaceAll('-', '')}`;
  const { db } = stage;
  await db.sql(`create sequence ${counter}`);
  const [began] = await db.sql<{ at: string }>(
    `insert into chaos.raising values ($1::regclass, $2, $3, $4::regclass) returning pg_postmaster_start_time()::text as at`,
    [relation, state, share, counter],
  );
  await pause(stage, lasts);
  await db.sql(`delete from chaos.raising where counter = $1::regclass`, [counter]);
  const [seen] = await db.sql<{ times: number; at: string }>(
    `select case when is_called then last_value else 0 end as times, pg_postmaster_start_time()::text as at from ${counter}`,
  );
  if (began === undefined || seen === undefined) return;
  // A recovery takes a sequence further than it was; that it moved at all is still true.
  const times = seen.at === began.at ? seen.times : Math.min(seen.times, 1);
  stage.struck.add(`Postgres: ${name} raised (${state})`, times);
}

/** Ends every error that a restart kept its fault from ending. */
export async function stopRaising(stage: Stage): Promise<void> {
  await stage.db.sql(`delete from chaos.raising`);
}

const FILL_MS = 4000;
const LONGEST_WAIT_MS = 2500;
const LOOK_MS = 15;

/** One at a time: two could not tell whose deadlock the server counted. */
const deadlocking = new WeakSet<Stage>();

/**
 * Locks a vendor, waits until a replay that holds an execution waits for that, and wants the execution. One of the two
 * has to give way: whoever looks for a deadlock first.
 */
export async function deadlock(stage: Stage, random: Random): Promise<void> {
  if (deadlocking.has(stage)) return;
  deadlocking.add(stage);
  const ownFirst = random.chance(0.4);
  const draw = String(random.next());
  const end = Date.now() + LONGEST_WAIT_MS;
  try {
    while (Date.now() < end && !stage.storm.aborted) {
      const [vendor] = await stage.db.sql<{ id: number }>(RUNNING_VENDOR, [draw, Date.now()]);
      if (vendor === undefined) {
        await pause(stage, 10 * LOOK_MS);
        continue;
      }
      const before = await deadlocks(stage);
      const met = await collide(stage, vendor.id, ownFirst).catch((error: unknown) => refusedAs(error));
      if (met === 'none') continue;
      if (await rose(stage, before))
        stage.struck.add(`Postgres: deadlock, ${met === '40P01' ? 'the other' : 'the replay'} gave way`);
      return;
    }
  } finally {
    deadlocking.delete(stage);
  }
}

function collide(stage: Stage, vendorId: number, ownFirst: boolean): Promise<'none' | 'got it'> {
  return stage.db.transaction(async (client) => {
    await client.query(`set local deadlock_timeout = '${ownFirst ? '10ms' : '8s'}'`);
    const { rows } = await client.query<{ pid: number }>(`select pg_backend_pid() as pid`);
    await client.query(`select from or_vendors where id = $1 for update`, [vendorId]);
    const execution = await heldByWaiting(stage, vendorId, rows[0]?.pid ?? 0);
    if (execution === undefined) return 'none';
    await client.query(`select from or_ramp_executions where id = $1 for update`, [execution]);
    return 'got it';
  });
}

/** An execution that a replay has locked which waits for the backend `pid`. */
async function heldByWaiting(stage: Stage, vendorId: number, pid: number): Promise<number | undefined> {
  const end = Date.now() + LONGEST_WAIT_MS / 4;
  while (Date.now() < end && !stage.storm.aborted) {
    const waiting = await stage.db.sql(
      `select from pg_stat_activity
       where application_name ~ '^(retry-batch|application)' and $1 = any(pg_blocking_pids(pid))`,
      [pid],
    );
    // What can't be locked is somebody's; the locks that this takes end with the statement.
    const held = waiting.length > 0 ? await stage.db.sql<{ id: number }>(HELD, [vendorId]) : [];
    if (held[0] !== undefined) return held[0].id;
    await pause(stage, LOOK_MS);
  }
  return undefined;
}

/** A vendor of which rows are to be replayed, another one each time. */
const RUNNING_VENDOR = `
  select t.vendor_id as id from retry_batch.plan_rows t join retry_batch.batches b on b.id = t.batch_id
  where b.status = 'running' and t.outcome is null and t.skip_reason is null and t.held_because is null
  group by t.vendor_id order by md5(t.vendor_id || $1 || $2) limit 1`;

const HELD = `
  with wanted as materialized (
    select t.execution_id as id from retry_batch.plan_rows t join retry_batch.batches b on b.id = t.batch_id
    where b.status = 'running' and t.vendor_id = $1 and t.outcome is null and t.skip_reason is null),
  free as materialized (
    select e.id from or_ramp_executions e where e.id in (select id from wanted) for update skip locked)
  select id from wanted where id not in (select id from free) limit 1`;

async function deadlocks(stage: Stage): Promise<number> {
  const [found] = await stage.db.sql<{ deadlocks: number }>(
    `select deadlocks from pg_stat_database where datname = current_database()`,
  );
  return found?.deadlocks ?? 0;
}

/** A backend reports what it met when it has a moment. */
async function rose(stage: Stage, before: number): Promise<boolean> {
  for (let look = 0; look < 30; look += 1) {
    if ((await deadlocks(stage)) > before) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function refusedAs(error: unknown): string {
  if (error instanceof pg.DatabaseError && error.code === '40P01') return error.code;
  throw error;
}

/** Takes every connection that the server has for a while, and breaks some of the bots', so that they want new ones. */
export async function exhaustConnections(stage: Stage, random: Random): Promise<void> {
  const refusals = () => stage.bots.reduce((sum, { proxy }) => sum + proxy.turnedAway(), 0);
  const before = refusals();
  const shares = stage.bots.map(() => random.pick([0.2, 0.5, 1]));
  const holds = random.between(500, 2000);
  const taken: pg.Client[] = [];
  let end = Date.now() + FILL_MS;
  let full = false;
  const take = async () => {
    while (Date.now() < end && !stage.storm.aborted) {
      const client = new pg.Client({
        connectionString: stage.server.urlOf('postgres'),
        application_name: 'chaos',
      });
      client.on('error', () => {});
      try {
        await client.connect();
        taken.push(client);
      } catch (error) {
        if (!full && isFull(error)) {
          full = true;
          end = Date.now() + holds;
          for (const [index, bot] of stage.bots.entries()) bot.proxy.cut(shares[index] ?? 0);
        }
        await pause(stage, 5);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, take));
  stage.struck.add('Postgres: no connection left (53300)', refusals() - before);
  await Promise.all(taken.map((client) => client.end().catch(() => {})));
}

function isFull(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '53300';
}
