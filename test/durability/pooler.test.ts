// A pooler between the bot and Postgres: one that keeps from the bot what it relies on is named at the start, with
// what to do, before anything is written.
import { checkPooling } from '../../src/store/pooling.ts';
import { type Fresh, freshDatabase } from '../support/fresh.ts';
import {
  PGBOUNCER,
  type Pooler,
  startDropping,
  startPgBouncer,
  startRefusing,
  startSharing,
} from '../support/pooler.ts';
import { environmentOf, killAll, spawnFile, startBot } from '../support/process.ts';
import { createWorld, type World } from '../support/world.ts';

const WRONG_CONFIGURATION = 78;
const REMEDY = 'Connect directly to Postgres, or through a pool in session mode';

let world: World;
let pooler: Pooler | undefined;
let fresh: Fresh | undefined;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(async () => {
  await killAll();
  await pooler?.close();
  await fresh?.close();
  [pooler, fresh] = [undefined, undefined];
  await world.close();
});

const check = () => checkPooling('DATABASE_URL', pooler?.url ?? world.url);

/** Every connection to the database has the time-outs, whoever opens it. */
async function timeoutsOfTheDatabase(): Promise<void> {
  const { name } = await world.one<{ name: string }>('select current_database() as name');
  for (const [setting, value] of [
    ['statement_timeout', '20s'],
    ['lock_timeout', '10s'],
    ['idle_in_transaction_session_timeout', '15s'],
  ])
    await world.sql(`alter database ${name} set ${setting} = '${value}'`);
}

it('without a pooler there is nothing to say', async () => {
  expect(await check()).toEqual([]);
});

it('a start through one that refuses the time-outs ends with 78, one sentence, and nothing written', async () => {
  fresh = await freshDatabase();
  pooler = await startRefusing(fresh.url);
  const bot = spawnFile('src/main.ts', [], environmentOf(pooler));
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  expect(bot.stderr()).toContain('DATABASE_URL leads through a pooler that refuses the time-outs');
  expect(bot.stderr()).toContain('unsupported startup parameter: statement_timeout');
  expect(bot.stderr()).toContain(REMEDY);
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
  expect(await fresh.sql(`select from pg_namespace where nspname like 'retry_batch%'`)).toEqual([]);
});

it('a start whose migrations alone go through a pooler ends too, and says which variable it is', async () => {
  pooler = await startRefusing(world.url);
  const environment = environmentOf(world, { MIGRATION_DATABASE_URL: pooler.url });
  const bot = spawnFile('src/main.ts', [], environment);
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  expect(bot.stderr()).toContain('MIGRATION_DATABASE_URL leads through a pooler that refuses the time-outs');
});

it('one that drops the time-outs without a word is found out', async () => {
  pooler = await startDropping(world.url);
  expect(await check()).toEqual([
    expect.stringContaining('drops statement_timeout, lock_timeout, idle_in_transaction_session_timeout'),
  ]);
});

it('one that drops them is no matter where the database has such time-outs of its own', async () => {
  await timeoutsOfTheDatabase();
  pooler = await startDropping(world.url);
  expect(await check()).toEqual([]);
});

it('one that gives two of us the same connection is found out', async () => {
  pooler = await startSharing(world.url);
  expect(await check()).toEqual([expect.stringContaining('shares connections (transaction mode)')]);
});

// Named so that a run without it says what it did not look at.
(PGBOUNCER === undefined ? describe.skip : describe)('the real PgBouncer, where it is installed', () => {
  const IGNORING = 'extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout';
  const bounce = async (poolMode: string, more: Record<string, string> = {}) => {
    pooler = await startPgBouncer(world.url, { pool_mode: poolMode, ...more });
  };

  it.each(['transaction', 'statement', 'session'])('in %s mode refuses the time-outs', async (mode) => {
    await bounce(mode);
    expect(await check()).toEqual([expect.stringContaining('refuses the time-outs')]);
  });

  it.each(['transaction', 'session'])(
    'in %s mode drops them where it is told to ignore them',
    async (mode) => {
      await bounce(mode, { ignore_startup_parameters: IGNORING });
      expect(await check()).toEqual([expect.stringContaining('drops statement_timeout')]);
    },
  );

  it.each([{}, { server_round_robin: '1' }])(
    'in transaction mode shares connections, also where the database has the time-outs (%o)',
    async (more) => {
      await timeoutsOfTheDatabase();
      await bounce('transaction', { ignore_startup_parameters: IGNORING, ...more });
      expect(await check()).toEqual([expect.stringContaining('shares connections (transaction mode)')]);
    },
  );

  it('in session mode, where the database has the time-outs, is none of our business: the bot starts', async () => {
    await timeoutsOfTheDatabase();
    await bounce('session', { ignore_startup_parameters: IGNORING });
    const bot = await startBot({ ...world, url: pooler?.url ?? '' });
    bot.kill('SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });
  });
});
