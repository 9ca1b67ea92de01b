// `npm start`, as a service or a container starts it: whoever stops npm stops the bot, in order.
import { readFile } from 'node:fs/promises';
import { held } from '../support/locks.ts';
import { environmentOf, type Spawned, spawnFile, spawnNpm } from '../support/process.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const IN_ORDER = { code: 0, signal: null };

const world = shared(createWorld);

async function logged(bot: Spawned, msg: string): Promise<Record<string, unknown>> {
  return until(`the log has: ${msg}`, () => bot.log().find((line) => line.msg === msg));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npm stops the bot in order, and npm ends with 0 behind it',
  async (signal) => {
    const npm = spawnNpm(['start'], environmentOf(world));
    const { pid } = await logged(npm, 'started');
    expect(pid).not.toBe(npm.pid);
    atTheEnd(() => isAlive(Number(pid)) && process.kill(Number(pid), 'SIGKILL'));
    npm.kill(signal);
    expect(await npm.gone).toEqual(IN_ORDER);
    await npm.exited;
    expect(npm.log().at(-1)).toMatchObject({ msg: 'stopped', pid });
    // Nobody of that number is left.
    expect(isAlive(Number(pid))).toBe(false);
  },
);

it('SIGTERM in the middle of the start ends it in order, as a container’s first process has to say itself', async () => {
  const other = await world.connect();
  await other.query('select pg_advisory_lock(4887025)');
  const bot = spawnFile('src/main.ts', [], environmentOf(world));
  await held(world, /pg_advisory_lock/, 'retry-batch migrations');
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual(IN_ORDER);
  expect(bot.log().map((line) => line.msg)).toEqual(['stopping', 'stopped']);
  await other.end();
});

it('every script becomes the program that it starts, so that no shell is left between', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const left = Object.entries(scripts).filter(([, script]) => !/(?:^|&& )exec [^&|;]+$/.test(script));
  expect(left).toEqual([]);
});
