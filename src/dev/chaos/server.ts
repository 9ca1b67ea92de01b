// The real Postgres under the bots: one for all rounds of a job, with a database of its own for each. It can be
// restarted in place, also without saying goodbye.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateQueue } from '../../queue/boss.ts';
import { migrate } from '../../store/migrate.ts';
import { freePort, type RunningPostgres, startPostgres } from '../postgres/embedded.ts';
import { queryOnce } from '../postgres/with-client.ts';
import { rolesSql } from './roles.ts';
import { CHAOS_TABLES, RAISING_TRIGGERS, SENT_LOG } from './sql.ts';

export type ChaosServer = {
  readonly port: number;
  urlOf(database: string): string;
  /** `fast` breaks off what goes on and says so; `immediate` is the power switch, with a recovery at the next start. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** A database with OnRamp's tables and the bot's schema, empty. */
  create(database: string): Promise<void>;
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
};

const TEMPLATE = 'template_chaos';

const SETTINGS = {
  // Not one commit is lost by killing processes; only a machine that loses power needs the disk's word.
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '120',
  shared_buffers: '64MB',
  // Who committed first is recounted from what the server noted, not from what the bot says.
  track_commit_timestamp: 'on',
} as const;

/** Starts the server and prepares the template. */
export async function startServer(): Promise<ChaosServer> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-chaos-'));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const port = await freePort();
  const start = () => startPostgres({ dataDir, port, settings: SETTINGS });
  let running: RunningPostgres = await start();
  const { url, urlOf } = running;
  await queryOnce(url, `create database ${TEMPLATE}`);
  await queryOnce(
    urlOf(TEMPLATE),
    await readFile(new URL('../postgres/onramp.sql', import.meta.url), 'utf8'),
  );
  await queryOnce(urlOf(TEMPLATE), CHAOS_TABLES);
  await migrate(urlOf(TEMPLATE), () => migrateQueue(urlOf(TEMPLATE)));
  await queryOnce(urlOf(TEMPLATE), RAISING_TRIGGERS);
  await queryOnce(urlOf(TEMPLATE), SENT_LOG);
  await queryOnce(urlOf(TEMPLATE), await rolesSql());
  return {
    port,
    urlOf,
    restart: async (mode) => {
      if (mode === 'immediate') process.kill(await postmaster(dataDir), 'SIGQUIT');
      await running.stop();
      running = await start();
    },
    create: async (database) => {
      await queryOnce(url, `create database ${database} template ${TEMPLATE} strategy file_copy`);
    },
    drop: async (database) => {
      await queryOnce(url, `drop database if exists ${database} with (force)`);
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function postmaster(dataDir: string): Promise<number> {
  const [pid = ''] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}
