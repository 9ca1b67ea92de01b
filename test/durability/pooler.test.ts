// A pooler between the bot and Postgres: one that keeps from the bot what it relies on is named at the start, with
// what to do, before anything is written.
import { checkPooling } from '../../src/postgres/pooling.ts';
import { freshDatabase } from '../support/fresh.ts';
import {
  PGBOUNCER,
  type Pooler,
  startDropping,
  startPgBouncer,
  startRefusing,
  startSharing,
} from '../support/pooler.ts';
import { environmentOf, spawnFile, startBot } from '../support/process.ts';
import { endAll } from '../support/shared.ts';
import { createWorld, type World } from '../support/world.ts';

const WRONG_CONFIGURATION = 78;
const REMEDY = 'Connect directly to Postgres, or through a pool in session mode';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(endAll);

const check = (at: { readonly url: string } = world) => checkPooling('DATABASE_URL', at.url);

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
  const fresh = await freshDatabase();
  const pooler = await startRefusing(fresh.url);
  const bot = spawnFile('src/main.ts', [], environmentOf(pooler));
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  expect(bot.stderr()).toContain('DATABASE_URL leads through a pooler that refuses the time-outs');
  expect(bot.stderr()).toContain('unsupported startup parameter: statement_timeout');
  expect(bot.stderr()).toContain(REMEDY);
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
  expect(await fresh.sql(`select from pg_namespace where nspname like 'retry_batch%'`)).toEqual([]);
});

it('a start whose migrations alone go through a pooler ends too, and says which variable it is', async () => {
  const pooler = await startRefusing(world.url);
  const environment = environmentOf(world, { MIGRATION_DATABASE_URL: pooler.url });
  const bot = spawnFile('src/main.ts', [], environment);
  expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
  expect(bot.stderr()).toContain('MIGRATION_DATABASE_URL leads through a pooler that refuses the time-outs');
});

/** A pooler's name, and how it is started in front of a database. */
type Kind = [name: string, start: (url: string) => Promise<Pooler>];

const IGNORING = {
  ignore_startup_parameters:
    'extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
};

/** The real PgBouncer as one more kind, on machines that have it; the stand-ins are looked at everywhere. */
function pgBouncer(mode: string, settings: Record<string, string> = {}): Kind[] {
  const name = [`PgBouncer in ${mode} mode`, ...Object.keys(settings)].join(', ');
  const start = (url: string) => startPgBouncer(url, { pool_mode: mode, ...settings });
  return PGBOUNCER === undefined ? [] : [[name, start]];
}

const REFUSING: Kind[] = [
  ['a stand-in', startRefusing],
  ...['transaction', 'statement', 'session'].flatMap((mode) => pgBouncer(mode)),
];

const ONE_FOR_ONE: Kind[] = [['a stand-in', startDropping], ...pgBouncer('session', IGNORING)];

it.each(REFUSING)('%s that refuses the time-outs is found out', async (_, start) => {
  const pooler = await start(world.url);
  expect(await check(pooler)).toEqual([expect.stringContaining('refuses the time-outs')]);
});

it.each([...ONE_FOR_ONE, ...pgBouncer('transaction', IGNORING)])(
  '%s that drops the time-outs without a word is found out',
  async (_, start) => {
    const pooler = await start(world.url);
    expect(await check(pooler)).toEqual([
      expect.stringContaining('drops statement_timeout, lock_timeout, idle_in_transaction_session_timeout'),
    ]);
  },
);

it.each(ONE_FOR_ONE)(
  '%s that drops them is no matter where the database has such time-outs of its own: the bot starts',
  async (_, start) => {
    await timeoutsOfTheDatabase();
    const pooler = await start(world.url);
    expect(await check(pooler)).toEqual([]);
    const bot = await startBot({ ...world, url: pooler.url });
    bot.kill('SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });
  },
);

it.each<Kind>([
  ['a stand-in', startSharing],
  ...pgBouncer('transaction', IGNORING),
  ...pgBouncer('transaction', { ...IGNORING, server_round_robin: '1' }),
])(
  '%s that gives two of us the same connection is found out, whatever time-outs the database has',
  async (_, start) => {
    await timeoutsOfTheDatabase();
    const pooler = await start(world.url);
    expect(await check(pooler)).toEqual([expect.stringContaining('shares connections (transaction mode)')]);
  },
);
