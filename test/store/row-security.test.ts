// Row-level security on OnRamp's tables: a role that may not see every row would be told of fewer failures than there are,
// so the start names each such table, and starts where a policy shows all of them.
import { checkDatabase, checkPolicies } from '../../src/store/check.ts';
import { call, startApp } from '../support/app.ts';
import { environmentOf, spawnFile, startBot } from '../support/process.ts';
import { createRole, grantTo, type Role } from '../support/role.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const TABLE = 'or_ramp_executions';

const world = shared(createWorld);
const role = shared<Role>(() => createRole(world));

beforeAll(async () => {
  await grantTo(world, role);
});

afterEach(async () => {
  await world.sql(`do $$ declare p record; begin
    for p in select polname, polrelid::regclass as relation from pg_policy loop
      execute format('drop policy %I on %s', p.polname, p.relation);
    end loop;
    for p in select oid::regclass as relation from pg_class where relrowsecurity loop
      execute format('alter table %s disable row level security', p.relation);
    end loop; end $$`);
});

/** Security on, with these policies, each what stands behind its table. */
async function secure(table: string, ...policies: readonly string[]): Promise<void> {
  await world.sql(`alter table ${table} enable row level security`);
  for (const [n, policy] of policies.entries())
    await world.sql(`create policy p${n} on ${table} ${policy.replaceAll(':bot', `"${role.name}"`)}`);
}

const named = (table: string) => expect.stringContaining(`row-level security of ${table} hides rows`);

it.each([
  ['without a policy', []],
  ['with a policy for somebody else', ['to postgres using (true)']],
  ['with a policy that shows some of them', [`using (status_code = 'ERROR')`]],
  ['with a policy that no row passes', ['using (false)']],
  ['with policies that only together may show all', ['using (vendor_id = 1)', 'using (vendor_id <> 1)']],
  ['with a policy for writing alone', ['for insert with check (true)', 'for update using (true)']],
  [
    'with a policy that shows all, and one that takes some away',
    ['using (true)', 'as restrictive using (id > 5)'],
  ],
  [
    'with a policy that asks for what the session does not say',
    [`using (current_setting('app.who') = 'bot')`],
  ],
  [
    'with a policy that looks another table up',
    ['using (exists (select from or_vendors v where v.id = vendor_id))'],
  ],
])('a table %s is named', async (_, policies) => {
  await secure(TABLE, ...policies);
  expect(await checkDatabase(role.url)).toEqual([named(TABLE)]);
});

it.each([
  ['shows every row to everybody', ['using (true)']],
  ['shows every row to the role', ['to :bot using (true)']],
  ['says it in another way', ['using (1 = 1)', `as restrictive using (current_user <> 'nobody')`]],
  [
    'asks who it is',
    [`using (pg_has_role(current_user, (select oid from pg_roles where rolname = current_user), 'member'))`],
  ],
  ['shows all beside one that shows some', ['using (vendor_id = 1)', 'to :bot using (true)']],
])('a policy that %s is enough', async (_, policies) => {
  await secure(TABLE, ...policies);
  expect(await checkDatabase(role.url)).toEqual([]);
});

it('whom it does not touch starts: the owner, and a role that passes by', async () => {
  await secure(TABLE);
  expect(await checkDatabase(world.url)).toEqual([]);
  const passing = await createRole(world, 'bypassrls');
  await grantTo(world, passing);
  expect(await checkDatabase(passing.url)).toEqual([]);
});

it('every table of OnRamp’s, of the bot’s and of the queue’s is looked at, and each is named', async () => {
  const tables = [
    'or_vendors',
    'or_sessions',
    'or_projects',
    'retry_batch.plan_rows',
    'retry_batch_queue.job',
  ];
  for (const table of tables) await secure(table);
  expect(await checkDatabase(role.url)).toEqual(tables.map(named));
});

it('a start where rows are hidden ends with 78 and says what to do', async () => {
  await secure('or_projects', 'using (vendor_id = 7)');
  const environment = { DATABASE_URL: role.url, MIGRATION_DATABASE_URL: world.url };
  const bot = spawnFile('src/main.ts', [], environmentOf(world, environment));
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain('row-level security of or_projects hides rows from the role');
  expect(bot.stderr()).toContain(`create policy … on or_projects to "${role.name}" using (true)`);
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
});

it('a replica’s role is looked at too', async () => {
  const reader = await createRole(world);
  await grantTo(world, reader);
  await secure(TABLE, 'to :bot using (true)');
  const environment = {
    DATABASE_URL: role.url,
    MIGRATION_DATABASE_URL: world.url,
    DATABASE_READ_URL: reader.url,
  };
  const bot = spawnFile('src/main.ts', [], environmentOf(world, environment));
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain(`DATABASE_READ_URL: row-level security of ${TABLE} hides rows`);
});

it('a replica that is away does not keep the bot from starting', async () => {
  const bot = await startBot(world, { DATABASE_READ_URL: 'postgres://bot@127.0.0.1:9/onramp' });
  expect(bot.log()).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      msg: 'the replica of DATABASE_READ_URL could not be looked at',
    }),
  );
  bot.kill('SIGTERM');
  await bot.exited;
});

it('where every row is shown the bot does its job, and the start warns of what policies may keep it from writing', async () => {
  await secure(TABLE, 'to :bot using (true)');
  await secure('or_projects', 'for select using (true)');
  expect(await checkDatabase(role.url)).toEqual([]);
  expect(await checkPolicies(role.url, 'database')).toEqual(['or_projects: insert']);
  await world.sql(`create policy writes on or_projects for insert with check (true)`);
  expect(await checkPolicies(role.url, 'database')).toEqual([]);
  const ramp = await world.ramp();
  const execution = await world.execution({ ramp });
  const app = await startApp(world, { DATABASE_URL: role.url });
  const cookie = await world.session((await world.user()).id);
  const ask = { execution_uuids: [execution.uuid], dry_run: false, suppress_notifications: true };
  expect((await call(app, cookie, ask)).body.results).toMatchObject([{ outcome: 'success' }]);
});
