// The bot's processes: `src/main.ts` as an operator starts it, each behind its own proxy to Postgres. Whatever ends a
// process that nobody ended is a violation.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../postgres/embedded.ts';
import { startProxy, type Wire } from './proxy.ts';

export type Bot = {
  readonly name: string;
  readonly port: number;
  readonly proxy: Wire;
  /** Running, started and not stopped in its tracks. */
  isServing(): boolean;
  isRunning(): boolean;
  /** Somebody ends it just now. */
  isEnding(): boolean;
  start(): void;
  /** Resolves when it serves; false where it does not within the time. */
  ready(milliseconds: number): Promise<boolean>;
  /** SIGKILL; answers whether that is what ended it. */
  kill(): Promise<boolean>;
  /** SIGTERM; answers the exit code, null where it had to be killed. */
  terminate(): Promise<number | null>;
  /** SIGSTOP and SIGCONT; answers whether the kernel says that it is stopped. */
  freeze(): Promise<boolean>;
  thaw(): void;
  /** Ends that nobody asked for, each with its last words. */
  readonly crashes: readonly string[];
  readonly log: readonly string[];
};

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const LOG_LINES = 400;
const STOP_MS = 20_000;
const START_MS = 15_000;

/** Whatever ends the chaos, no bot outlives it. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A bot that is not started yet. `environment` lacks the database and the port. */
export async function createBot(
  name: string,
  database: { port: number; path: string },
  environment: Readonly<Record<string, string>>,
): Promise<Bot> {
  const proxy = await startProxy(() => database.port);
  const port = await freePort();
  const crashes: string[] = [];
  const log: string[] = [];
  let child: ChildProcess | undefined;
  let ending = false;
  let serving = false;
  let frozen = false;
  const note = (chunk: Buffer) => {
    const text = chunk.toString();
    if (text.includes('"msg":"started"')) serving = true;
    if (text.includes('"msg":"unhandled rejection"')) crashes.push(`${name}: ${text.trim()}`);
    log.push(...text.trimEnd().split('\n'));
    if (log.length > LOG_LINES) log.splice(0, log.length - LOG_LINES);
  };
  const start = () => {
    if (child !== undefined) return;
    [ending, serving, frozen] = [false, false, false];
    const own = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: {
        ...{ PATH: process.env.PATH ?? '', ...environment, PORT: String(port) },
        DATABASE_URL: `postgres://postgres:postgres@127.0.0.1:${proxy.port}/${database.path}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(own);
    own.stdout.on('data', note);
    own.stderr.on('data', note);
    own.on('exit', (code, signal) => {
      children.delete(own);
      // A start that finds no database ends with 1 and is tried again, as a supervisor would.
      if (!ending && (serving || (code !== 1 && signal !== 'SIGKILL'))) {
        crashes.push(`${name} ended by itself (${code ?? signal}): ${log.slice(-6).join(' | ')}`);
      }
      serving = false;
      if (child === own) child = undefined;
    });
    child = own;
  };
  const ended = (own: ChildProcess) =>
    new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      own.once('exit', (code, signal) => resolve({ code, signal })),
    );
  return {
    name,
    port,
    proxy,
    crashes,
    log,
    start,
    isServing: () => serving && !frozen && !ending,
    isRunning: () => child !== undefined,
    isEnding: () => child !== undefined && ending,
    ready: async (milliseconds) => {
      const end = Date.now() + milliseconds;
      let patience = Date.now() + START_MS;
      while (Date.now() < end && !serving) {
        start();
        // A start whose connection was swallowed waits for ever; a supervisor does not.
        if (Date.now() > patience) {
          child?.kill('SIGKILL');
          patience = Date.now() + START_MS;
        }
        await sleep(50);
      }
      return serving;
    },
    kill: async () => {
      if (child === undefined) return false;
      ending = true;
      const end = ended(child);
      child.kill('SIGKILL');
      return (await end).signal === 'SIGKILL';
    },
    terminate: async () => {
      if (child === undefined) return 0;
      ending = true;
      const own = child;
      const end = ended(own);
      own.kill('SIGTERM');
      const timer = setTimeout(() => own.kill('SIGKILL'), STOP_MS);
      const { code } = await end;
      clearTimeout(timer);
      return code;
    },
    freeze: async () => {
      if (child?.pid === undefined) return false;
      child.kill('SIGSTOP');
      await sleep(20);
      frozen = (await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '')).includes(') T ');
      return frozen;
    },
    thaw: () => {
      child?.kill('SIGCONT');
      frozen = false;
    },
  };
}
