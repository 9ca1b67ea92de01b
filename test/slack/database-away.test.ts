// The database is gone or hangs: Slack is answered in time all the same, and the person learns what happened.
import pg from 'pg';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.stop());

/** Throws everybody out of the world's database and lets nobody in, until the answer is called. */
async function takeAway(): Promise<() => Promise<void>> {
  const name = new URL(desk.world.url).pathname.slice(1);
  const server = new pg.Client(process.env.TEST_POSTGRES_URL);
  await server.connect();
  await server.query(`alter database ${name} allow_connections false`);
  await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  return async () => {
    await server.query(`alter database ${name} allow_connections true`);
    await server.end();
  };
}

test('with the database away a command and a click are acknowledged, and the answer says what is away', async () => {
  const asked = await desk.waiting();
  const giveBack = await takeAway();
  const command = await desk.told('U0ONCALL', async () => {
    expect(await desk.command('since=2h')).toMatchObject({ outcome: 'acknowledged' });
  });
  const click = await desk.told('U0ADMIN', async () => {
    expect(await desk.click(asked, 'approve')).toMatchObject({ outcome: 'acknowledged' });
  });
  await giveBack();
  for (const answer of [command, click]) {
    expect(answer.text).toContain("database can't be reached");
    expect(answer.text).toContain('Try again');
  }
  expect(await desk.status(asked.batchId)).toBe('waiting');
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
});

test('with the database hanging every handler acknowledges before it looks there', async () => {
  const asked = await desk.waiting();
  await desk.click(asked, 'cancel', 'U0GUEST');
  const holding = await desk.world.connect();
  await holding.query('begin; lock table retry_batch.slack_deliveries in access exclusive mode');
  expect(await desk.command('since=2h')).toMatchObject({ outcome: 'acknowledged' });
  for (const verb of ['approve', 'cancel'] as const) {
    expect(await desk.click(asked, verb)).toMatchObject({ outcome: 'acknowledged' });
  }
  expect(await desk.status(asked.batchId)).toBe('waiting');
  await holding.query('rollback');
  await holding.end();
  // Both clicks were only waiting: one of them decides now, and the other is told so.
  await desk.slack.waitFor((now) => now.ephemeralsOf('U0ADMIN')[0], {
    what: 'the word to the later click',
  });
  expect(await desk.status(asked.batchId)).not.toBe('waiting');
});

test('somebody who waits long for a dry run is told once that it is under way', async () => {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  const holding = await desk.world.connect();
  await holding.query('begin; lock table or_ramp_executions in access exclusive mode');
  const word = await desk.told('U0ONCALL', () =>
    desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel),
  );
  await holding.end();
  expect(word.text).toContain('under way');
  await desk.posted(channel);
  expect(desk.slack.ephemeralsOf('U0ONCALL')).toHaveLength(1);
});
