// A primary with a standby behind one address, as a fail-over has it: who connects is sent to the one that the
// address stands for at that moment.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProxy } from '../../src/dev/chaos/proxy.ts';
import { freePort, type RunningPostgres, startPostgres } from '../../src/dev/postgres/embedded.ts';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';
import { migrateQueue } from '../../src/queue/boss.ts';
import { migrate } from '../../src/store/migrate.ts';
import { atTheEnd, once } from './shared.ts';
import { until } from './until.ts';
import type { Home } from './world.ts';

const TEMPLATE = 'template_onramp';
const SETTINGS = { fsync: 'off', max_connections: '100' };

export type Cluster = {
  /** For `createWorld`: the address, and the database to clone. */
  readonly home: Home;
  /** Stops the server behind the address and starts it again. */
  restart(whileDown: () => Promise<void>): Promise<void>;
  /** The primary stops for good, and the address stands for the standby, which takes no writes yet. */
  failOver(): Promise<void>;
  /** Where the standby has the database that `url` leads to on the primary. */
  standbyOf(url: string): string;
  /** Resolves when the standby has everything that the primary has now. */
  caughtUp(): Promise<void>;
  /** Stops applying what comes from the primary, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when a dry run waits on the standby. */
  waitedFor(): Promise<void>;
  /** The standby takes writes from now on, if it doesn't already. */
  promote(): Promise<void>;
};

/** Starts both, until the file's end; resolves when the standby follows the primary. */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-cluster-'));
  await chmod(folder, 0o755);
  const [primaryDir, standbyDir] = [join(folder, 'primary'), join(folder, 'standby')];
  const standbyPort = await freePort();
  let primary = await startPostgres({ dataDir: primaryDir, settings: SETTINGS });
  await makeTemplate(primary);
  await primary.stop();
  await promisify(execFile)('cp', ['-a', primaryDir, standbyDir]);
  await writeFile(join(standbyDir, 'standby.signal'), '', { mode: 0o666 });
  const primaryPort = primary.port;
  const startPrimary = () => startPostgres({ dataDir: primaryDir, port: primaryPort, settings: SETTINGS });
  primary = await startPrimary();
  // It says that it accepts connections, all of them, when it is promoted.
  const promoted = startPostgres({
    dataDir: standbyDir,
    port: standbyPort,
    settings: {
      ...SETTINGS,
      wal_retrieve_retry_interval: '100ms',
      primary_conninfo: `host=127.0.0.1 port=${primaryPort} user=postgres password=postgres`,
    },
  });
  const standbyUrl = primary.url.replace(`:${primaryPort}/`, `:${standbyPort}/`);
  // Who waits for it learns that it failed.
  promoted.catch(() => {});
  const followed = () =>
    until('the standby follows', async () => {
      const following = await queryOnce(
        primary.url,
        `select from pg_stat_replication where state = 'streaming'`,
      );
      return following.length === 1;
    });
  await followed();
  const caughtUp = async () => {
    const [now] = await queryOnce(primary.url, 'select pg_current_wal_flush_lsn() as lsn');
    await until('the standby has caught up', async () => {
      const [at] = await queryOnce(
        standbyUrl,
        `select pg_last_wal_replay_lsn() >= '${now?.lsn}'::pg_lsn as done`,
      );
      return at?.done;
    });
  };
  let current = primaryPort;
  let stopped = false;
  const stopPrimary = async () => {
    if (!stopped) await primary.stop();
    stopped = true;
  };
  const address = await startProxy(() => current);
  const promote = async () => {
    await queryOnce(standbyUrl, 'select pg_promote() where pg_is_in_recovery()');
    await promoted;
  };
  const close = once(async () => {
    await address.close();
    await stopPrimary();
    await promote();
    await (await promoted).stop();
    await rm(folder, { recursive: true });
  });
  atTheEnd(close);
  return {
    home: { server: primary.url.replace(`:${primaryPort}/`, `:${address.port}/`), template: TEMPLATE },
    restart: async (whileDown) => {
      await stopPrimary();
      await whileDown();
      primary = await startPrimary();
      stopped = false;
    },
    failOver: async () => {
      await followed();
      current = standbyPort;
      // An orderly stop: nothing that was committed is missing on the standby.
      await stopPrimary();
      await until('the standby has applied it all', async () => {
        const [at] = await queryOnce(
          standbyUrl,
          'select pg_last_wal_replay_lsn() = pg_last_wal_receive_lsn() as done',
        );
        return at?.done;
      });
    },
    standbyOf: (url) => url.replace(`:${address.port}/`, `:${standbyPort}/`),
    caughtUp,
    pause: async () => {
      await caughtUp();
      await queryOnce(standbyUrl, 'select pg_wal_replay_pause()');
    },
    resume: async () => void (await queryOnce(standbyUrl, 'select pg_wal_replay_resume()')),
    waitedFor: async () => {
      await until('a dry run waits on the standby', async () => {
        const waiting = await queryOnce(
          standbyUrl,
          `select from pg_stat_activity where state = 'idle in transaction' and query like '%pg_last_wal_replay_lsn()%'`,
        );
        return waiting.length > 0;
      });
    },
    promote,
  };
}

async function makeTemplate(server: RunningPostgres): Promise<void> {
  await queryOnce(server.url, `create database ${TEMPLATE}`);
  const url = server.urlOf(TEMPLATE);
  await queryOnce(url, await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  await migrate(url, () => migrateQueue(url));
}
