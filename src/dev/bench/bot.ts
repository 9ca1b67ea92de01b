// One bot as an operator starts it: `src/main.ts` in a process of its own, reached by HTTP alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const LAST_WORDS = 2000;

/** Whatever ends the benchmark, no bot outlives it. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export type Bot = {
  readonly pid: number;
  readonly url: string;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
};

/** Starts it with exactly this environment and resolves when it serves. */
export async function startBot(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<Bot> {
  const child = spawn(process.execPath, [...nodeOptions, '--disable-warning=ExperimentalWarning', MAIN], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let words = '';
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      words = (words + chunk).slice(-LAST_WORDS);
      const started = /"port":(\d+),"mode":"[a-z]+","msg":"started"/.exec(words);
      if (started) resolve(Number(started[1]));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`the bot ended with ${code}: ${words}`)));
  });
  void ended.then(() => children.delete(child));
  return {
    pid: child.pid ?? -1,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
