// One bot as an operator starts it: what `npm start` starts, in a process of its own, reached by HTTP alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { OWN, type Release } from './release.ts';

const LAST_WORDS = 2000;

/** Whatever ends the benchmark, no bot outlives it. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

let isOver = false;

/** Ends every bot at once, and lets nobody start another; resolves when all are gone. */
export async function killBots(): Promise<void> {
  isOver = true;
  const ends = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
}

export type Bot = {
  readonly pid: number;
  readonly url: string;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
};

export type BotOptions = {
  /** Left out: this checkout. */
  readonly release?: Release;
  readonly nodeOptions?: readonly string[];
};

/** Starts it with exactly this environment and resolves when it serves. Throws with its last words where it ends. */
export async function startBot(
  environment: Readonly<Record<string, string>>,
  { release = OWN, nodeOptions = [] }: BotOptions = {},
): Promise<Bot> {
  if (isOver) throw new Error('the benchmark is over');
  const words = [...nodeOptions, '--disable-warning=ExperimentalWarning', ...release.words];
  const child = spawn(process.execPath, words, {
    cwd: release.folder,
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let said = '';
  const ended = new Promise<void>((resolve) =>
    child.on('exit', () => {
      children.delete(child);
      resolve();
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk).slice(-LAST_WORDS);
      const started = /"port":(\d+),"mode":"[a-z]+","msg":"started"/.exec(said);
      if (started) resolve(Number(started[1]));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`the bot ended with ${code}: ${said}`)));
  });
  return {
    pid: child.pid ?? -1,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
