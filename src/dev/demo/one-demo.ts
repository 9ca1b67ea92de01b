// One demo at a time on one folder, and on a port that is free: the second one is told so in a sentence. Whether a demo runs is
// asked of itself, over a socket beside its folder, so that one that was killed is not taken for one that runs.
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';

export type Claim =
  /** The folder is this process's; `tell` says where the page is, for whoever asks. */
  | { readonly kind: 'mine'; tell(url: string): void }
  /** Another process has it, and its page is there; empty while it starts. */
  | { readonly kind: 'taken'; readonly url: string };

/** Takes the demo's folder for this process, until it ends. */
export async function claimFolder(dataDir: string): Promise<Claim> {
  const path = `${dataDir}.sock`;
  const other = await answerAt(path);
  if (other !== undefined) return { kind: 'taken', url: other };
  await rm(path, { force: true });
  const mine = { url: '' };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(mine.url);
  });
  const refused = await listens(server, path);
  if (refused === 'EADDRINUSE') return { kind: 'taken', url: '' };
  if (refused !== null) throw new Error(`${path} cannot be made (${refused})`);
  server.unref();
  process.once('exit', () => rmSync(path, { force: true }));
  return {
    kind: 'mine',
    tell: (url) => {
      mine.url = url;
    },
  };
}

/** What to do where nobody can listen on this port of the loopback address; null where it is free. */
export async function portTrouble(port: number): Promise<string | null> {
  const server = createServer();
  const refused = await listens(server, { port, host: '127.0.0.1' });
  if (refused === null) {
    await new Promise((resolve) => server.close(resolve));
    return null;
  }
  const why = refused === 'EADDRINUSE' ? 'is taken by another program' : `can't be listened on (${refused})`;
  return `Port ${port} ${why}. Name another one: npm run demo -- --port ${port < 65_535 ? port + 1 : 4000}; without --port the demo finds a free one.`;
}

/** What an earlier demo's Postgres, left behind by a demo that was killed, is to be done about; null where it is not that. */
export function leftBehind(error: unknown): string | null {
  const said = error instanceof Error ? error.message : '';
  const pid = /postmaster\.pid[\s\S]*?PID (\d+)/.exec(said)?.[1];
  if (pid === undefined) return null;
  return `The Postgres of a demo that was killed still runs. End it with "kill ${pid}", and start the demo again.`;
}

/** What whoever listens there says; undefined where nobody does. */
async function answerAt(path: string): Promise<string | undefined> {
  try {
    return await text(connect(path));
  } catch {
    return undefined;
  }
}

/** Null when it listens; otherwise the system's code. */
async function listens(
  server: Server,
  where: Parameters<Server['listen']>[0] | object,
): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(where, () => resolve(null));
  });
}
