// The bot with exactly the privileges of src/store/grants.sql does its whole job, and can't do what it has no
// business with.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/postgres/database.ts';
import { setBrake } from '../../src/store/brake.ts';
import { checkDatabase, checkNeedless } from '../../src/store/check.ts';
import { unpackFormerRelease } from '../durability/former-release.ts';
import { answering, startReceiver } from '../notify/receiver.ts';
import { ask, books, click, eachOnce, mapAdmins, status, threadSays } from '../support/incident.ts';
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, environmentOf, type Spawned, spawnFile, startBot } from '../support/process.ts';
import { createRole, grantTo } from '../support/role.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Ramp } from '../support/world.ts';

const world = shared(createWorld);
const slack = shared(() => startSlack());
const role = shared(() => createRole(world));
let ramp: Ramp;
/** The start of a bot whose role has no privilege. */
let refused: Spawned;

const environment = () => ({
  DATABASE_URL: role.url,
  MIGRATION_DATABASE_URL: world.url,
  SLACK_API_URL: slack.apiUrl,
  WEBHOOK_ALLOW_PRIVATE: 'true',
});

const start = async (): Promise<BotProcess> => {
  const bot = await startBot(world, environment());
  slack.setRequestUrl(`${bot.url}/slack/events`);
  return bot;
};

beforeAll(async () => {
  const receiver = await startReceiver(answering(200));
  await mapAdmins(world);
  ramp = await world.ramp({ vendorId: await world.vendor({ webhook: receiver.url }) });
  // It migrates as the owner first, and what is granted afterwards is of what is there then.
  refused = spawnFile('src/main.ts', [], { ...environmentOf(world), ...environment() });
  await refused.exited;
  await grantTo(world, role);
});

it('a role without any privilege is told all that it lacks, and the process ends with 78', async () => {
  const bot = refused;
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain('the role may not update or_ramp_executions.status_code; grant it');
  expect(bot.stderr()).toContain('the role has no usage on schema retry_batch; grant it');
  expect(bot.stderr()).toContain('the role has no usage on schema retry_batch_queue; grant it');
  expect(bot.stderr()).not.toMatch(/^\s+at /m);
});

it('with the grants it has all that the start asks for', async () => {
  expect(await checkDatabase(role.url)).toEqual([]);
});

it('it plans, is approved, is killed, goes on, notifies, lets a plan expire, and prunes', async () => {
  const bot = await start();
  const executions = await Promise.all([1, 2, 3].map(() => world.execution({ ramp })));
  const { batchId, ts } = await ask(world, slack, executions, 'suppress_notifications=false');
  const trigger = await inLine(world, TRIGGER_LOCK, [executions[2]?.id]);
  await click(slack, ts, 'approve');
  await held(world, /pg_advisory_xact_lock/);
  bot.kill('SIGKILL');
  await bot.exited;
  await trigger.release();
  const next = await start();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(3));
  await threadSays(slack, ts, '3 = 3 succeeded');
  await world.sql(
    `update retry_batch.notifications set next_try_at = now() - interval '1 hour' where status = 'queued'`,
  );
  await until('all are delivered', async () => {
    const open = await world.sql(`select from retry_batch.notifications where status <> 'delivered'`);
    return open.length === 0;
  });

  const late = await ask(world, slack, [await world.execution({ ramp })]);
  await world.sql('update retry_batch.batches set expires_at = now() where id = $1', [late.batchId]);
  await status(world, late.batchId, 'expired');
  await threadSays(slack, late.ts, 'Expired');

  await world.sql(`update retry_batch.batches set ended_at = ended_at - interval '31 days' where id = $1`, [
    batchId,
  ]);
  await until('the lists of the first are gone', async () => {
    const rows = await world.sql('select from retry_batch.plan_rows where batch_id = $1', [batchId]);
    return rows.length === 0;
  });
  next.kill('SIGTERM');
  expect(await next.exited).toEqual({ code: 0, signal: null });
  expect(next.stdout()).not.toContain('permission denied');
});

it.each([
  'delete from or_ramp_executions',
  `update or_ramp_executions set trigger_payload = '{}'`,
  'update or_projects set name = name',
  'delete from or_workflow_history',
  `update retry_batch.events set action = 'approved'`,
  'delete from retry_batch.events',
  'truncate retry_batch.events',
  `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by) values ('T1', 'U1', 1, 'me')`,
  'update retry_batch.slack_identities set user_id = 1',
  'update retry_batch.brake set is_on = false',
  'delete from retry_batch.batches',
  'create table public.mine (id int)',
  'create table retry_batch.mine (id int)',
  'create schema mine',
  // What the owner's session executes, or takes for a name of what it acts upon.
  `insert into retry_batch_queue.bam (name, version, table_name, command) values ('x', 1, 'job', 'select 1')`,
  `update retry_batch_queue.bam set command = 'select 1'`,
  'update retry_batch_queue.version set version = 1',
  `update retry_batch_queue.queue set table_name = 'x; drop table y'`,
  'update retry_batch_queue.queue set partition = true',
  `insert into retry_batch_queue.queue (name, policy, partition, table_name) values ('x', 'standard', true, 'x')`,
  'delete from retry_batch_queue.queue',
  `insert into retry_batch_queue.schedule (name, cron) values ('runs', '* * * * *')`,
  // What the audit trail says of itself.
  `insert into retry_batch.events (action, actor, at) values ('approved', '{}', now() - interval '1 year')`,
  `insert into retry_batch.events (action, actor, db_role) values ('approved', '{}', 'postgres')`,
  `insert into retry_batch.events (action, actor) overriding system value values ('brake_off', '{}')`,
  `insert into retry_batch.events (action, actor) values ('brake_on', '{}')`,
  `insert into retry_batch.events (action, actor) values ('identity_mapped', '{}')`,
  `insert into retry_batch.events (action, actor) values ('identity_revoked', '{}')`,
  'update retry_batch.brake set is_on = true',
])('it is refused: %s', async (statement) => {
  const client = new pg.Client(role.url);
  await client.connect();
  await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

it('what it writes into the audit trail has the time and the role that the database knows', async () => {
  const client = new pg.Client(role.url);
  await client.connect();
  await client.query(`set session characteristics as transaction read write`);
  await client.query(
    `insert into retry_batch.events (action, actor) values ('asked', '{"kind":"system","name":"x"}')`,
  );
  await client.end();
  const event = await world.one<{ db_role: string; late: boolean }>(
    `select db_role, at < now() - interval '1 minute' as late from retry_batch.events order by id desc limit 1`,
  );
  expect(event).toEqual({ db_role: role.name, late: false });
});

it('it may pull the brake, which is in the trail as the owner’s word, and not release it', async () => {
  const bot = openDatabase({ url: role.url, connections: 1, name: 'test' });
  atTheEnd(() => bot.close());
  const by = { kind: 'system', name: 'the bot' } as const;
  expect(await setBrake(bot, true, by)).toBe(true);
  expect(await setBrake(bot, true, by)).toBe(false);
  await expect(setBrake(bot, false, by)).rejects.toThrow(/permission denied/);
  expect(await world.one('select is_on, changed_by from retry_batch.brake')).toEqual({
    is_on: true,
    changed_by: 'the bot',
  });
  const event = await world.one<{ action: string; db_role: string }>(
    'select action, db_role from retry_batch.events order by id desc limit 1',
  );
  expect(event).toEqual({ action: 'brake_on', db_role: role.name });
  await world.sql('update retry_batch.brake set is_on = false');
});

it('an upgrade takes back what the release before gave, and warns of what somebody else gives', async () => {
  const old = await createRole(world);
  const { folder } = await unpackFormerRelease();
  const former = await readFile(join(folder, 'src/store/grants.sql'), 'utf8');
  await world.sql(former.replaceAll(':"role"', `"${old.name}"`));
  await world.sql(`grant trigger, truncate on or_projects to "${old.name}"`);
  expect(await checkNeedless(old.url)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^retry_batch_queue\.bam: .*insert, update, delete/),
      expect.stringMatching(/^retry_batch_queue\.version: .*update/),
      expect.stringMatching(/^retry_batch\.events: insert/),
      expect.stringMatching(/^or_projects: truncate/),
    ]),
  );
  await grantTo(world, old);
  expect(await checkNeedless(old.url)).toEqual([]);
  expect(await checkDatabase(old.url)).toEqual([]);
  expect(await checkNeedless(world.url)).toEqual(['own everything (superuser)']);
});

it('a session of the owner’s looks for nothing where others may create', async () => {
  const owner = openDatabase({ url: world.url, connections: 1, name: 'test', of: 'owner' });
  atTheEnd(() => owner.close());
  expect((await owner.query('show search_path')).rows).toEqual([{ search_path: 'pg_catalog' }]);
});
