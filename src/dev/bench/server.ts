// The Postgres under the benchmark, as a careful operator runs it: every commit is on the disk before it is answered.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateQueue } from '../../queue/boss.ts';
import { migrate } from '../../store/migrate.ts';
import { type RunningPostgres, startPostgres } from '../postgres/embedded.ts';
import { withClient } from '../postgres/with-client.ts';
import { type BenchDatabase, openBenchDatabase } from './database.ts';

/** Whatever isn't named here is Postgres' own default. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  max_connections: '200',
} as const;

export type BenchServer = {
  /** The database that is measured; it is there once `renew` has made it. */
  readonly db: BenchDatabase;
  /** The postmaster's process. */
  readonly pid: number;
  /** Settings that decide what is measured, as the server says them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Fills so many executions, where that was not done before. Runs change data, so this is kept and copied. */
  fill(rows: number, say: (text: string) => void): Promise<void>;
  /** Puts a new copy of so many executions, which nothing has run on yet, in the place of the database. */
  renew(rows: number): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the server; with `dataDir`, on what it left there the last time. */
export async function startServer(dataDir: string | null): Promise<BenchServer> {
  const kept = dataDir === null ? {} : { dataDir: join(dataDir, 'postgres') };
  if (dataDir !== null && !existsSync(dataDir)) {
    await mkdir(dataDir, { recursive: true });
    await chmod(dataDir, 0o755);
  }
  const server = await startPostgres({ ...kept, settings: SETTINGS });
  try {
    const db = openBenchDatabase(server.urlOf('bench'));
    return {
      ...{ db, pid: await pidOf(server), settings: await settingsOf(server) },
      fill: (rows, say) => fill(server, rows, say),
      renew: async (rows) => {
        await db.letGo();
        await copy(server, await nameOf(rows));
      },
      // Before its clients: a statement that is under way then would be waited for.
      stop: async () => {
        await server.stop();
        await db.close();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Another filling has another name, so that data of an older revision is never taken for it. */
async function nameOf(rows: number): Promise<string> {
  return `data_${rows}_${createHash('sha256')
    .update(await fillingText())
    .digest('hex')
    .slice(0, 8)}`;
}

function fillingText(): Promise<string> {
  return readFile(new URL('./data.sql', import.meta.url), 'utf8');
}

async function fill(server: RunningPostgres, rows: number, say: (text: string) => void): Promise<void> {
  const name = await nameOf(rows);
  const [found] = await onServer(server.url, `select from pg_database where datname = '${name}'`);
  if (found !== undefined) return;
  const began = Date.now();
  say(`filling ${rows.toLocaleString('en')} executions`);
  await onServer(server.url, 'drop database if exists filling', 'create database filling');
  const tables = await readFile(new URL('../postgres/onramp.sql', import.meta.url), 'utf8');
  const url = server.urlOf('filling');
  const settings = [`set bench.rows = ${rows}`, 'set synchronous_commit = off'];
  await onServer(url, tables, ...settings, await fillingText());
  await onServer(url, 'vacuum (analyze)');
  await onServer(server.url, `alter database filling rename to ${name}`);
  say(`filled in ${Math.round((Date.now() - began) / 1000)} s`);
}

/** Copied and migrated by this checkout; another revision's bots run beside its tables, as they do in a deployment. */
async function copy(server: RunningPostgres, name: string): Promise<void> {
  await onServer(
    server.url,
    'drop database if exists bench with (force)',
    `create database bench template ${name} strategy file_copy`,
  );
  const url = server.urlOf('bench');
  await migrate(url, () => migrateQueue(url));
  await onServer(url, await readFile(new URL('./peers/schema.sql', import.meta.url), 'utf8'));
}

async function pidOf(server: RunningPostgres): Promise<number> {
  const found = await onServer<{ pid: number }>(
    server.url,
    `select (regexp_match(pg_read_file('postmaster.pid'), '^\\d+'))[1]::integer as pid`,
  );
  return found[0]?.pid ?? -1;
}

async function settingsOf(server: RunningPostgres): Promise<Record<string, string>> {
  const names = [
    'server_version',
    ...Object.keys(SETTINGS),
    'jit',
    'wal_sync_method',
    'max_parallel_workers',
  ];
  const rows = await onServer<{ name: string; value: string }>(
    server.url,
    `select name, current_setting(name) as value from unnest('{${names.join()}}'::text[]) name`,
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** One statement text after the other on one connection; answers the last one's rows. */
async function onServer<Row>(url: string, ...texts: string[]): Promise<Row[]> {
  return withClient(url, async (client) => {
    let rows: Row[] = [];
    for (const text of texts) rows = ((await client.query(text)).rows as Row[] | undefined) ?? [];
    return rows;
  });
}
