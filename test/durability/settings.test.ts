// A role or a database with settings of its own, which every new session has: the bot asks for what it relies on, and a
// start that can't have it says which setting it is.
import { openDatabase } from '../../src/postgres/database.ts';
import { call, startApp } from '../support/app.ts';
import { freshDatabase } from '../support/fresh.ts';
import { startForgetting } from '../support/pooler.ts';
import { environmentOf, spawnFile, startBot } from '../support/process.ts';
import { createRole, grantTo, type Role } from '../support/role.ts';
import { runScript } from '../support/script.ts';
import { atTheEnd, endAll } from '../support/shared.ts';
import { createWorld, type World } from '../support/world.ts';

const WRONG_CONFIGURATION = 78;

/** What somebody had their reasons for, and what it must be for the bot. */
const STRANGE: readonly (readonly [name: string, value: string, needed: string])[] = [
  ['DateStyle', `'SQL, DMY'`, 'ISO, MDY'],
  ['IntervalStyle', 'sql_standard', 'postgres'],
  ['TimeZone', `'America/New_York'`, 'UTC'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['standard_conforming_strings', 'off', 'on'],
  ['row_security', 'off', 'on'],
  ['synchronous_commit', 'off', 'on'],
  ['transaction_timeout', `'2s'`, '0'],
  ['idle_session_timeout', `'2s'`, '0'],
];

let world: World;
let role: Role;

beforeEach(async () => {
  world = await createWorld();
  role = await createRole(world);
  await grantTo(world, role);
});

afterEach(endAll);

async function set(...settings: readonly string[]): Promise<void> {
  for (const one of settings) await world.sql(`alter role "${role.name}" set ${one}`);
}

/** Before OnRamp's schema, the role looks where a table of the same name stands, and nothing in it. */
async function decoy(): Promise<void> {
  await world.sql(`create schema "${role.name}"`);
  await world.sql(`create table "${role.name}".or_ramp_executions (like public.or_ramp_executions)`);
  await world.sql(`grant usage on schema "${role.name}" to "${role.name}"`);
  await world.sql(`grant select, update on "${role.name}".or_ramp_executions to "${role.name}"`);
  atTheEnd(() => world.sql(`drop schema "${role.name}" cascade`));
}

const environment = (more: Record<string, string> = {}) => ({
  DATABASE_URL: role.url,
  MIGRATION_DATABASE_URL: world.url,
  ...more,
});

it('every kind of connection has what the bot relies on, whatever its role has', async () => {
  await set(...STRANGE.map(([name, value]) => `${name} = ${value}`));
  for (const whose of ['bot', 'owner', 'reader'] as const) {
    const db = openDatabase({ url: role.url, connections: 1, name: 'test', of: whose });
    const names = STRANGE.map(([name]) => name);
    const { rows } = await db.query('select name, setting from pg_settings where name = any ($1)', [names]);
    const got = new Map((rows as { name: string; setting: string }[]).map((row) => [row.name, row.setting]));
    // Postgres has transaction_timeout since 17.
    for (const [name, , needed] of STRANGE) expect([name, got.get(name) ?? needed]).toEqual([name, needed]);
    await db.close();
  }
});

it('OnRamp’s tables are found before others of their names, and what its triggers look for elsewhere they still find', async () => {
  await decoy();
  await set(`search_path = "$user", "elsewhere"`);
  const db = openDatabase({ url: role.url, connections: 1, name: 'test' });
  atTheEnd(() => db.close());
  expect((await db.query('show search_path')).rows).toEqual([{ search_path: 'public, "$user", elsewhere' }]);
  expect(
    (
      await db.query(
        `select 'or_ramp_executions'::regclass::oid = 'public.or_ramp_executions'::regclass as same`,
      )
    ).rows,
  ).toEqual([{ same: true }]);
});

it.each(['', 'elsewhere'])('a search path of "%s" is no matter either', async (path) => {
  await set(`search_path = '${path}'`);
  const db = openDatabase({ url: role.url, connections: 1, name: 'test' });
  atTheEnd(() => db.close());
  expect((await db.query('select from or_vendors')).rows).toEqual([]);
});

it('with all of them together the bot does its whole job: dry run, replay, queue, commands', async () => {
  await set(...STRANGE.map(([name, value]) => `${name} = ${value}`));
  await decoy();
  const ramp = await world.ramp();
  const execution = await world.execution({ ramp, createdAt: '2026-05-11T12:31:00.123456Z' });
  const cookie = await world.session((await world.user()).id);
  const app = await startApp(world, environment());
  const ask = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z', ramp_uuids: [ramp.uuid] };
  expect(await call(app, cookie, ask)).toMatchObject({
    status: 200,
    body: { eligible: [{ execution_uuid: execution.uuid, created_at: '2026-05-11T12:31:00.123456Z' }] },
  });
  const done = await call(app, cookie, { ...ask, dry_run: false, suppress_notifications: true });
  expect(done.body.results).toMatchObject([{ execution_uuid: execution.uuid, outcome: 'success' }]);
  expect(await (await fetch(`${app.url}/readyz`)).json()).toMatchObject({
    checks: { database: 'ok', queue: 'ok' },
  });
  const shown = await runScript('batches', ['show', String(done.body.batch_id)], environment());
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('1 succeeded') });
  expect(await runScript('batches', ['list'], environment())).toMatchObject({ code: 0 });
  expect(await runScript('identity', ['list'], environment())).toMatchObject({ code: 0 });
});

it('the first start of all makes its schema in a database with all of them', async () => {
  const fresh = await freshDatabase();
  const [{ name }] = (await fresh.sql<{ name: string }>('select current_database() as name')) as [
    { name: string },
  ];
  for (const [setting, value] of STRANGE)
    if ((await fresh.sql('select from pg_settings where name = $1', [setting])).length > 0)
      await fresh.sql(`alter database ${name} set ${setting} = ${value}`);
  const bot = await startBot({ ...world, url: fresh.url });
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

describe('a start that can’t have a setting ends with 78 and its name', () => {
  const refused = async (more: Record<string, string> = {}) => {
    const bot = spawnFile('src/main.ts', [], environmentOf(world, environment(more)));
    expect(await bot.exited).toEqual({ code: WRONG_CONFIGURATION, signal: null });
    expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
    return bot.stderr();
  };

  it.each([
    ['default_transaction_read_only', 'on'],
    ['session_replication_role', 'replica'],
  ])('that only the operator may change: %s = %s', async (name, value) => {
    await set(`${name} = ${value}`);
    const said = await refused();
    expect(said).toContain(`the sessions of DATABASE_URL have ${name} = '${value}'`);
    expect(said).toContain(`reset ${name}`);
  });

  it.each(['LATIN1', 'WIN1252'])(
    'that a database has from its beginning: the encoding %s, which has no place for every character',
    async (encoding) => {
      const { url } = await freshDatabase('', encoding);
      const said = await refused({ DATABASE_URL: url, MIGRATION_DATABASE_URL: url });
      expect(said).toContain(`the sessions of DATABASE_URL have server_encoding = '${encoding}'`);
      expect(said).toContain('encoding UTF8');
    },
  );

  it('that the role of the migrations has', async () => {
    const owner = await createRole(world, 'superuser');
    await world.sql(`alter role "${owner.name}" set default_transaction_read_only = on`);
    expect(await refused({ MIGRATION_DATABASE_URL: owner.url })).toContain(
      `the sessions of MIGRATION_DATABASE_URL have default_transaction_read_only = 'on'`,
    );
  });

  it.each([
    ['DateStyle', 'SQL, DMY'],
    ['TimeZone', 'America/New_York'],
  ])('that a pooler does not pass on: %s', async (name, value) => {
    await set(`${name} = '${value}'`);
    const pooler = await startForgetting(role.url, name);
    expect(await refused({ DATABASE_URL: pooler.url })).toContain(
      `the sessions of DATABASE_URL have ${name} = '${value}'`,
    );
  });
});
