// grants.sql is what the bot's role needs and no more: with it a run goes from the dry run to pruning, and the audit
// trail and the mappings can't be touched.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { checkDatabase } from '../../src/store/check.ts';
import { failures, type Shift, startShift, times, until } from './shift.ts';

let shift: Shift;
let role: string;
let url: string;

beforeAll(async () => {
  role = `bot_${randomUUID().slice(0, 8)}`;
  shift = await startShift(async (world) => {
    await world.sql(`create role ${role} login password 'bot'`);
    const grants = await readFile('src/store/grants.sql', 'utf8');
    await world.sql(grants.replaceAll(':"bot"', role));
    url = world.url.replace(/\/\/[^@]*@/, `//${role}:bot@`);
    return { DATABASE_URL: url };
  });
});

afterAll(async () => {
  await shift.app.stop();
  await shift.world.sql(`drop owned by ${role}`);
  await shift.world.sql(`drop role ${role}`);
  await shift.end();
});

it('the start finds nothing missing, and says each privilege that is taken away', async () => {
  expect(await checkDatabase(url)).toEqual([]);
  await shift.world.sql(`revoke delete on retry_batch.plan_rows, retry_batch.run_workers from ${role}`);
  expect(await checkDatabase(url)).toEqual([
    'the role may not delete on retry_batch.plan_rows; grant it',
    'the role may not delete on retry_batch.run_workers; grant it',
  ]);
  await shift.world.sql(`grant delete on retry_batch.plan_rows, retry_batch.run_workers to ${role}`);
});

it('a run with that role goes from the dry run to pruning', async () => {
  const { world } = shift;
  const vendorId = await world.vendor({ email: 'crm@acme.test' });
  await failures(world, await world.ramp({ vendorId }), ['noName', ...times(3, 'good')]);
  await failures(world, await world.ramp(), times(3, 'good'), { from: 10 });
  const batchId = await shift.plan({ suppress_notifications: false });
  await shift.approve(batchId);
  await shift.becomes(batchId, 'finished');
  expect(await shift.events(batchId, 'held')).toHaveLength(1);
  await world.sql(`update retry_batch.batches set ended_at = ended_at - interval '31 days'`);
  await until('it is pruned', async () => (await shift.events(batchId, 'pruned')).length === 1);
});

it.each([
  `update retry_batch.events set action = 'approved'`,
  'delete from retry_batch.events',
  'truncate retry_batch.events',
  `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by) values ('T1', 'U1', 1, 'bot')`,
  'delete from retry_batch.batches',
  'update retry_batch.brake set is_on = true',
  'delete from or_ramp_executions',
  `update or_ramp_executions set trigger_payload = '{}'`,
])('that role may not %s', async (statement) => {
  const client = new pg.Client(url);
  await client.connect();
  await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  await client.end();
});
