// The bot as operators run it: `src/main.ts` in a process of its own, seen only by its log, its exit code and what
// it answers, and killed from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atTheEnd } from './shared.ts';
import { SIGNING_SECRET } from './slack.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE = `${ROOT}node_modules/.bin/node`;

/** What says nothing to the bot. */
const OF_THE_MACHINE = {
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
};

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Spawned = {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Resolves earlier, where a process of its own lives on and keeps its output open. */
  readonly gone: Promise<Exit>;
  /** Everything it said so far. */
  stdout(): string;
  stderr(): string;
  /** What it logged, oldest first. */
  log(): Record<string, unknown>[];
  kill(signal: NodeJS.Signals): void;
};

export type BotProcess = Spawned & { readonly url: string };

/** Everything a process needs besides the database; a test names only what matters to it. */
export function environmentOf(
  world: { readonly url: string },
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    DATABASE_URL: world.url,
    SLACK_BOT_TOKEN: 'xoxb-local',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    // Nobody listens there: a test that needs Slack names its own.
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    PORT: '0',
    HOST: '127.0.0.1',
    TAKEOVER_SECONDS: '3',
    ...more,
  };
}

/** Runs one of the project's files with exactly this environment; of another release where `root` is its folder. */
export function spawnFile(
  file: string,
  words: readonly string[],
  environment: Record<string, string>,
  root = ROOT,
): Spawned {
  return spawnProgram(NODE, [file, ...words], { environment, cwd: root });
}

/** An uid that no machine has a name for. */
export const NAMELESS = 54_321;

/** Whether tests may run a process as somebody else. */
export const IS_ROOT = process.getuid?.() === 0;

/** The same of a file by its whole path, in another working directory and perhaps as somebody else. */
export function spawnElsewhere(
  file: string,
  environment: Record<string, string>,
  { words = [], ...how }: Omit<How, 'environment'> & { readonly words?: readonly string[] },
): Spawned {
  return spawnProgram(NODE, [`${ROOT}${file}`, ...words], { environment, ...how });
}

/** `npm` with these words, as an operator or a container starts it. */
export function spawnNpm(words: readonly string[], environment: Record<string, string>): Spawned {
  const quiet = { npm_config_update_notifier: 'false', HOME: process.env.HOME ?? '/' };
  return spawnProgram('npm', words, { environment: { ...quiet, ...environment }, cwd: ROOT });
}

type How = { readonly environment: Record<string, string>; readonly cwd: string; readonly uid?: number };

/** Nothing of it outlives the test's file. */
function spawnProgram(program: string, words: readonly string[], { environment, ...how }: How): Spawned {
  const child = spawn(program, [...words], {
    ...how,
    env: { ...OF_THE_MACHINE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  atTheEnd(killAll);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const gone = new Promise<Exit>((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  return {
    pid: child.pid ?? -1,
    exited,
    gone,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    log: () => said.stdout.split('\n').flatMap(readLine),
    kill: (signal) => void child.kill(signal),
  };
}

const running = new Set<ChildProcess>();

/** Ends whatever a test left behind, where the next one is not to meet it. */
export async function killAll(): Promise<void> {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise<void>((resolve) => {
          child.on('close', () => resolve());
          child.kill('SIGKILL');
        }),
    ),
  );
}

/** Starts the bot, this release or the one in `root`, and resolves when it says that it serves. */
export async function startBot(
  world: World,
  more: Record<string, string> = {},
  root = ROOT,
): Promise<BotProcess> {
  const bot = spawnFile('src/main.ts', [], environmentOf(world, more), root);
  let exit: Exit | undefined;
  void bot.exited.then((ended) => {
    exit = ended;
  });
  const port = await until('the bot serves', () => {
    if (exit) throw new Error(`the bot ended with ${exit.code}: ${bot.stdout()}${bot.stderr()}`);
    return bot.log().find((line) => line.msg === 'started')?.port;
  });
  return { ...bot, url: `http://127.0.0.1:${String(port)}` };
}

function readLine(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}
