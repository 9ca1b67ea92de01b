// The Postgres under the benchmark, as a careful operator runs it: every commit is on the disk before it is answered.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrateQueue } from '../../queue/boss.ts';
import { migrate } from '../../store/migrate.ts';
import { type RunningPostgres, startPostgres } from '../postgres/embedded.ts';
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
  readonly db: BenchDatabase;
  /** The postmaster's process. */
  readonly pid: number;
  /** Settings that decide what is measured, as the server says them. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Starts the server with a filled database that nothing has run on yet. */
export async function startServer(
  rows: number,
  dataDir: string | null,
  say: (text: string) => void,
): Promise<BenchServer> {
  const kept = dataDir === null ? {} : { dataDir: join(dataDir, 'postgres') };
  if (dataDir !== null && !existsSync(dataDir)) {
    await mkdir(dataDir, { recursive: true });
    await chmod(dataDir, 0o755);
  }
  const server = await startPostgres({ ...kept, settings: SETTINGS });
  try {
    const db = openBenchDatabase(server.urlOf(await prepare(server, rows, dataDir !== null, say)));
    const { pid } = await db.one<{ pid: number }>(
      `select (regexp_match(pg_read_file('postmaster.pid'), '^\\d+'))[1]::integer as pid`,
    );
    return {
      ...{ db, pid, settings: await settingsOf(db) },
      stop: async () => {
        await db.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Answers the database's name. A kept one is filled once and copied each time: runs change it. */
async function prepare(
  server: RunningPostgres,
  rows: number,
  keep: boolean,
  say: (text: string) => void,
): Promise<string> {
  const fill = await readFile(new URL('./data.sql', import.meta.url), 'utf8');
  const data = `data_${rows}_${createHash('sha256').update(fill).digest('hex').slice(0, 8)}`;
  const [found] = await onServer(server.url, `select from pg_database where datname = '${data}'`);
  if (found === undefined) {
    const began = Date.now();
    say(`filling ${rows.toLocaleString('en')} executions`);
    await onServer(server.url, 'drop database if exists filling', 'create database filling');
    const tables = await readFile(new URL('../postgres/onramp.sql', import.meta.url), 'utf8');
    const url = server.urlOf('filling');
    await onServer(url, tables, `set bench.rows = ${rows}`, 'set synchronous_commit = off', fill);
    await onServer(url, 'vacuum (analyze)');
    await onServer(server.url, `alter database filling rename to ${data}`);
    say(`filled in ${Math.round((Date.now() - began) / 1000)} s`);
  }
  if (!keep) return migrated(server, data);
  await onServer(
    server.url,
    'drop database if exists bench with (force)',
    `create database bench template ${data} strategy file_copy`,
  );
  return migrated(server, 'bench');
}

async function migrated(server: RunningPostgres, database: string): Promise<string> {
  const url = server.urlOf(database);
  await migrate(url, () => migrateQueue(url));
  await onServer(url, await readFile(new URL('./peers/schema.sql', import.meta.url), 'utf8'));
  return database;
}

async function settingsOf(db: BenchDatabase): Promise<Record<string, string>> {
  const names = [
    'server_version',
    ...Object.keys(SETTINGS),
    'jit',
    'wal_sync_method',
    'max_parallel_workers',
  ];
  const rows = await db.sql<{ name: string; value: string }>(
    `select name, current_setting(name) as value from unnest($1::text[]) name`,
    [names],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** One statement text after the other on one connection; answers the last one's rows. */
async function onServer(url: string, ...texts: string[]): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const text of texts) rows = (await client.query(text)).rows ?? [];
    return rows;
  } finally {
    await client.end();
  }
}
