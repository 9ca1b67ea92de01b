// A start whose connections the network swallows: nobody is told, and it ends with words all the same. What it held
// is free again, so that the next start can be the one that works.
import { startProxy, type Wire } from '../../src/dev/chaos/proxy.ts';
import { migrate } from '../../src/store/migrate.ts';
import { held } from '../support/locks.ts';
import { environmentOf, spawnFile } from '../support/process.ts';
import { atTheEnd, endAll } from '../support/shared.ts';
import { createWorld, type World } from '../support/world.ts';

const HASTY = { connectMs: 10_000, statementMs: 2000 };

let world: World;
let wire: Wire;
let url: string;

beforeEach(async () => {
  world = await createWorld();
  const { port } = new URL(world.url);
  wire = await startProxy(() => Number(port));
  atTheEnd(wire.close);
  url = world.url.replace(`:${port}/`, `:${wire.port}/`);
});

afterEach(endAll);

/** Somebody else migrates, or seems to, for as long as the answer is not called. */
async function otherStart(): Promise<() => Promise<void>> {
  const other = await world.connect();
  await other.query('select pg_advisory_lock(4887025)');
  return () => other.end();
}

it('a network that swallows the first word of a start ends it with 1 and says so', async () => {
  wire.hang(0, true);
  const bot = spawnFile('src/main.ts', [], environmentOf({ url }));
  expect(await bot.exited).toEqual({ code: 1, signal: null });
  expect(bot.log()).toMatchObject([
    { level: 'fatal', msg: 'not started', message: 'the database cannot be reached' },
  ]);
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
});

it('a network that swallows the connection in the middle of the migrations ends the start and says so', async () => {
  const letGo = await otherStart();
  const started = expect(migrate(url, undefined, HASTY)).rejects.toThrow('nothing answers on it any more');
  await held(world, /pg_advisory_lock/, 'retry-batch migrations');
  expect(wire.swallow(1)).toBe(1);
  await started;
  await letGo();
});

it('a start that another one keeps waiting for too long says what it waits for', async () => {
  const letGo = await otherStart();
  const started = migrate(url, undefined, { ...HASTY, statementMs: 200 });
  await expect(started).rejects.toThrow('another process has been migrating for more than 0.2 s');
  await letGo();
});

it('a start that was swallowed while it migrated does not keep the next one from migrating', async () => {
  let next: string[] | undefined;
  const swallowed = async () => {
    expect(wire.swallow(1)).toBe(1);
    next = await migrate(world.url);
  };
  // Its goodbye is swallowed too, and not waited for.
  expect(await migrate(url, swallowed, { ...HASTY, statementMs: 200 })).toEqual([]);
  expect(next).toEqual([]);
});
