// The bot with exactly the privileges of src/store/grants.sql does its whole job, and can't do what it has no
// business with.
import pg from 'pg';
import { checkDatabase } from '../../src/store/check.ts';
import { answering, startReceiver } from '../notify/receiver.ts';
import { ask, books, click, eachOnce, mapAdmins, status, threadSays } from '../support/incident.ts';
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, environmentOf, spawnFile, startBot } from '../support/process.ts';
import { createRole, grantTo } from '../support/role.ts';
import { shared } from '../support/shared.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Ramp } from '../support/world.ts';

const world = shared(createWorld);
const slack = shared(() => startSlack());
const role = shared(() => createRole(world));
let ramp: Ramp;

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
});

it('a role without any privilege is told all that it lacks, and the process ends with 78', async () => {
  const bot = spawnFile('src/main.ts', [], { ...environmentOf(world), ...environment() });
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain('the role may not update or_ramp_executions.status_code; grant it');
  expect(bot.stderr()).toContain('the role has no usage on schema retry_batch; grant it');
  expect(bot.stderr()).toContain('the role has no usage on schema retry_batch_queue; grant it');
  expect(bot.stderr()).not.toMatch(/^\s+at /m);
});

it('with the grants it has all that the start asks for', async () => {
  await grantTo(world, role);
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
  await threadSays(slack, ts, '3 matched = 3 succeeded');
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
])('it is refused: %s', async (statement) => {
  const client = new pg.Client(role.url);
  await client.connect();
  await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  await client.end();
});
