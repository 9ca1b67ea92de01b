// The bot's processes: `src/main.ts` as an operator starts it, each behind its own proxy to Postgres. Whatever ends a
// process that nobody ended is a violation.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../postgres/embedded.ts';
import { LONGEST_WAIT_MS } from '../slack/longest-wait.ts';
import { startProxy, type Wire } from './proxy.ts';
import { OWNER, type Role, urlAs } from './roles.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const LOG_LINES = 400;
/** What a process must never say. 42501: it wanted to do what its role may not. */
const WRONG = /"msg":"unhandled rejection"|permission denied|"code":"42501"/;

/** Whatever ends the chaos, no bot outlives it. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A bot that is not started yet. `environment` lacks the database and the port; the owner migrates, `role` does the rest. */
export async function createBot(
  name: string,
  database: { port: number; path: string; role: Role },
  environment: Readonly<Record<string, string>>,
): Promise<Bot> {
  const proxy = await startProxy(() => database.port);
  const port = await freePort();
  return new Bot(name, port, proxy, {
    ...{ PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' },
    ...{ ...environment, PORT: String(port) },
    DATABASE_URL: urlAs(database.role, proxy.port, database.path),
    ...(database.role === OWNER ? {} : { MIGRATION_DATABASE_URL: urlAs(OWNER, proxy.port, database.path) }),
  });
}

/** The status, or `no_answer`, and after how many seconds. */
export type CallEnd = { readonly callId: string; readonly status: string; readonly seconds: number };

const CALLED = '"msg":"endpoint called"}';

function readEnd(line: string): CallEnd {
  const { callId, status, ms } = JSON.parse(line) as { callId: string; status: string; ms: number };
  return { callId, status, seconds: ms / 1000 };
}

export class Bot {
  readonly name: string;
  readonly port: number;
  readonly proxy: Wire;
  /** Ends that nobody asked for, each with its last words; promises that nobody waited for; what its role may not. */
  readonly crashes: string[] = [];
  readonly log: string[] = [];
  /** How its calls of an application's endpoint ended, as its log has it. */
  readonly calls: CallEnd[] = [];
  private halfLine = '';
  private readonly environment: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;
  private ending = false;
  private serving = false;
  private frozen = false;

  constructor(name: string, port: number, proxy: Wire, environment: NodeJS.ProcessEnv) {
    this.name = name;
    this.port = port;
    this.proxy = proxy;
    this.environment = environment;
  }

  /** Started, and neither stopped in its tracks nor about to end. */
  isServing(): boolean {
    return this.serving && !this.frozen && !this.ending;
  }

  isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Somebody ends it just now. */
  isEnding(): boolean {
    return this.child !== undefined && this.ending;
  }

  /** Starts it, where it isn't running. */
  start(): void {
    if (this.child !== undefined) return;
    [this.ending, this.serving, this.frozen] = [false, false, false];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => this.note(String(chunk)));
    child.on('exit', (code, signal) => {
      children.delete(child);
      // A start that finds no database ends with 1 and is tried again, as a supervisor would.
      if (!this.ending && (this.serving || (code !== 1 && signal !== 'SIGKILL'))) {
        const words = this.log.slice(-6).join(' | ');
        this.crashes.push(`${this.name} ended by itself (${code ?? signal}): ${words}`);
      }
      this.serving = false;
      if (this.child === child) this.child = undefined;
    });
    this.child = child;
  }

  /** Starts it as often as it takes, and resolves when it serves; false where it never does. */
  async ready(): Promise<boolean> {
    const end = Date.now() + LONGEST_WAIT_MS;
    while (Date.now() < end && !this.serving) {
      this.start();
      await sleep(50);
    }
    return this.serving;
  }

  /** SIGKILL; answers whether that is what ended it. */
  async kill(): Promise<boolean> {
    if (this.child === undefined) return false;
    this.ending = true;
    const end = endOf(this.child);
    this.child.kill('SIGKILL');
    return (await end).signal === 'SIGKILL';
  }

  /** SIGTERM; answers the exit code, null where it had to be killed. */
  async terminate(): Promise<number | null> {
    const { child } = this;
    if (child === undefined) return 0;
    this.ending = true;
    const end = endOf(child);
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_WAIT_MS);
    const { code } = await end;
    clearTimeout(timer);
    return code;
  }

  /** SIGSTOP; answers whether the kernel says that it is stopped. */
  async freeze(): Promise<boolean> {
    const pid = this.child?.pid;
    if (pid === undefined) return false;
    this.child?.kill('SIGSTOP');
    await sleep(20);
    this.frozen = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).includes(') T ');
    return this.frozen;
  }

  /** SIGCONT. */
  thaw(): void {
    this.child?.kill('SIGCONT');
    this.frozen = false;
  }

  private note(text: string): void {
    if (text.includes('"msg":"started"')) this.serving = true;
    if (WRONG.test(text)) this.crashes.push(`${this.name}: ${text.trim().slice(0, 2000)}`);
    const lines = `${this.halfLine}${text}`.split('\n');
    this.halfLine = lines.pop() ?? '';
    this.calls.push(...lines.filter((line) => line.endsWith(CALLED)).map(readEnd));
    this.log.push(...lines);
    if (this.log.length > LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES);
  }
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
