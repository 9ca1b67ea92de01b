// Poolers between the bot and Postgres: stand-ins that do the one thing a test is about, and the real PgBouncer where
// this machine has one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/dev/postgres/embedded.ts';
import { int32, message } from './protocol.ts';
import { atTheEnd } from './shared.ts';
import { until } from './until.ts';

export type Pooler = {
  /** Connection string through the pooler. */
  readonly url: string;
};

/** What PgBouncer passes on of a connection's start; it refuses or drops the rest. */
const KNOWN = ['user', 'database', 'application_name', 'client_encoding'];

/** Answers every setting at a connection's start that it does not know with PgBouncer's refusal. */
export function startRefusing(url: string): Promise<Pooler> {
  return listening(url, (near) => {
    near.once('data', (startup) => {
      const strange = settingsOf(startup).find(([name]) => !KNOWN.includes(name))?.[0];
      const words = `SFATAL\0C08P01\0Munsupported startup parameter: ${strange}\0\0`;
      near.end(message('E', Buffer.from(words)));
    });
  });
}

/** Drops every setting at a connection's start that it does not know, without a word. */
export function startDropping(url: string): Promise<Pooler> {
  return listening(url, (near, far) => {
    near.once('data', (startup) => {
      far().write(startupOf(settingsOf(startup).filter(([name]) => KNOWN.includes(name))));
      near.pipe(far()).pipe(near);
    });
  });
}

/** Passes everything on but what a session says of one setting: that is said of another, which nobody has heard of. */
export function startForgetting(url: string, setting: string): Promise<Pooler> {
  // As long as the other, or the message's length would be wrong.
  const unheardOf = 'no.such'.padEnd(setting.length, '_');
  return listening(url, (near, far) => {
    near.on('data', (bytes) => {
      const said = bytes.toString('latin1').replaceAll(`set ${setting} =`, `set ${unheardOf} =`);
      far().write(Buffer.from(said, 'latin1'));
    });
    far().pipe(near);
  });
}

/** Hands everybody the one connection that the first to come has opened: an answer goes to who asked last. */
export function startSharing(url: string): Promise<Pooler> {
  let shared: Socket | undefined;
  let asking: Socket | undefined;
  return listening(url, (near, far) => {
    const isFirst = shared === undefined;
    shared ??= far().on('data', (bytes) => asking?.write(bytes));
    if (!isFirst) {
      const welcome = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);
      near.once('data', () => near.write(welcome));
    }
    let greeted = isFirst;
    near.on('data', (bytes) => {
      if (greeted && bytes.toString('latin1', 0, 1) !== 'X') {
        asking = near;
        shared?.write(bytes);
      }
      greeted = true;
    });
  });
}

async function listening(url: string, serve: (near: Socket, far: () => Socket) => void): Promise<Pooler> {
  const target = new URL(url);
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
  };
  const server = createServer((near) => {
    let far: Socket | undefined;
    serve(keep(near), () => {
      far ??= keep(connect(Number(target.port), target.hostname));
      return far;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  atTheEnd(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: url.replace(`:${target.port}/`, `:${port}/`) };
}

/** Of a startup message: its length, the protocol, and names and values in turn. */
function settingsOf(startup: Buffer): [name: string, value: string][] {
  const words = startup.toString('utf8', 8).split('\0');
  return Array.from({ length: Math.floor((words.length - 1) / 2) }, (_, n) => [
    words[2 * n] ?? '',
    words[2 * n + 1] ?? '',
  ]);
}

function startupOf(settings: readonly [string, string][]): Buffer {
  const words = Buffer.from(`${settings.map(([name, value]) => `${name}\0${value}\0`).join('')}\0`);
  return Buffer.concat([int32(words.length + 8), int32(3 << 16), words]);
}

const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];

/** Where this machine has PgBouncer; undefined where it has none. */
export const PGBOUNCER = FOLDERS.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));

/** Starts the real one in front of the server of `url`; `settings` go into its configuration. */
export async function startPgBouncer(url: string, settings: Record<string, string>): Promise<Pooler> {
  if (PGBOUNCER === undefined) throw new Error('there is no PgBouncer here');
  const { hostname, port, username, password } = new URL(url);
  const listenPort = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-pgbouncer-'));
  await chmod(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: `${listenPort}`,
    unix_socket_dir: '',
    auth_type: 'any',
    ...settings,
  };
  await writeFile(
    file,
    `[databases]\n* = host=${hostname} port=${port} user=${username} password=${password}\n[pgbouncer]\n${Object.entries(
      lines,
    )
      .map(([name, value]) => `${name} = ${value}\n`)
      .join('')}`,
  );
  // It refuses to run as root.
  const asNobody = userInfo().uid === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(PGBOUNCER, ['-q', ...asNobody, file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  atTheEnd(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });
  await until('PgBouncer listens', () => answers(listenPort));
  return { url: url.replace(`:${port}/`, `:${listenPort}/`) };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
