// Keeps the application's process: starts it, and starts it again where it ended by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const LAST_WORDS = 4000;

/** Whatever ends whoever started it, no application outlives that. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export class Supervisor {
  /** Where it listens; the same after each start. */
  url = '';
  pid = -1;
  exited: Promise<Exit> = Promise.resolve({ code: null, signal: null });
  private readonly restarts: boolean;
  private readonly environment: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;
  private isWanted = false;
  private isServing = false;
  private said = '';

  constructor(restarts: boolean, environment: NodeJS.ProcessEnv) {
    this.restarts = restarts;
    this.environment = environment;
  }

  /** Resolves when it listens; throws with its last words where it ends before. */
  async start(): Promise<void> {
    if (this.child !== undefined) return;
    this.isWanted = true;
    const port = this.url === '' ? {} : { APPLICATION_PORT: new URL(this.url).port };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: { ...this.environment, ...port },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    [this.child, this.pid, this.said] = [child, child.pid ?? -1, ''];
    this.exited = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        this.gone(child);
        resolve({ code, signal });
      }),
    );
    this.url = await this.listening(child);
    this.isServing = this.child === child;
  }

  /** One that ends of this stays down until it is started. */
  kill(signal: NodeJS.Signals): void {
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.isWanted = false;
    this.child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.kill('SIGCONT');
    this.kill('SIGTERM');
    await this.exited;
  }

  private gone(child: ChildProcess): void {
    children.delete(child);
    this.child = undefined;
    const hasServed = this.isServing;
    this.isServing = false;
    // One that ends before it listens would do so again and again.
    if (this.restarts && this.isWanted && hasServed) void this.start().catch(() => {});
  }

  private listening(child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
    return new Promise<string>((resolve, reject) => {
      const hear = (chunk: unknown): void => {
        this.said = (this.said + String(chunk)).slice(-LAST_WORDS);
        const line = /\{"listening":"([^"]+)"\}/.exec(this.said);
        if (line?.[1]) resolve(line[1]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`the application ended with ${code}: ${this.said}`)));
    });
  }
}
