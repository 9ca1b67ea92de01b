// Postgres has no connection left for the bot: whoever asks is told so, a run rests, and everything goes on by itself
// when there is room. With little room a run takes longer, and with what docs/operating.md asks for nobody is refused.
import { call } from '../support/app.ts';
import { ask, books, click, eachOnce, mapAdmins, status } from '../support/incident.ts';
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { createRole, grantTo } from '../support/role.ts';
import { shared } from '../support/shared.ts';
import { INCIDENT, startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type Ramp } from '../support/world.ts';

const REPLAYS = 4;
/** As docs/operating.md says it. */
const ENOUGH = REPLAYS + 17;

const world = shared(createWorld);
const slack = shared(() => startSlack());
// A superuser is let in beyond any limit; the bot is none.
const role = shared(() => createRole(world, `connection limit ${ENOUGH}`));
let bot: BotProcess;
let ramp: Ramp;
let cookie: string;

beforeAll(async () => {
  await grantTo(world, role);
  bot = await startBot(world, {
    DATABASE_URL: role.url,
    MIGRATION_DATABASE_URL: world.url,
    SLACK_API_URL: slack.apiUrl,
    REPLAY_CONCURRENCY: `${REPLAYS}`,
  });
  slack.setRequestUrl(`${bot.url}/slack/events`);
  await mapAdmins(world);
  ramp = await world.ramp();
  cookie = await world.session((await world.user()).id);
});

afterEach(() => room(ENOUGH));

const room = (connections: number) => world.sql(`alter role "${role.name}" connection limit ${connections}`);

/** From now on there are only so many, and those that the bot had are gone. */
async function shrinkTo(connections: number): Promise<void> {
  await room(connections);
  // Again and again: one that was just being opened has no name yet, and would be left.
  let quiet = 0;
  await until('nothing is left of the connections that the bot had', async () => {
    const ended = await world.sql(
      'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1',
      [role.name],
    );
    quiet = ended.length <= connections ? quiet + 1 : 0;
    return quiet > 5;
  });
}

const failed = (count: number): Promise<Execution[]> =>
  Promise.all(Array.from({ length: count }, () => world.execution({ ramp })));

const dryRun = () => call(bot, cookie, { since: '2026-05-11T12:30:00Z', ramp_uuids: [ramp.uuid] });

/** What only this person is told about what they do now. */
async function told(user: string, act: () => Promise<unknown>): Promise<string> {
  const before = slack.ephemeralsOf(user).length;
  await act();
  const what = `a private answer to ${user}`;
  return (await slack.waitFor((now) => now.ephemeralsOf(user)[before], { what })).text;
}

it('none left in the middle of a run: it rests, and is done without anybody’s help when there is room', async () => {
  const executions = await failed(5);
  const { batchId, ts } = await ask(world, slack, executions);
  const trigger = await inLine(world, TRIGGER_LOCK, [Math.max(...executions.map((one) => one.id))]);
  await click(slack, ts, 'approve');
  await held(world, /pg_advisory_xact_lock/);
  await shrinkTo(0);
  await trigger.release();
  await until('the run is interrupted', () =>
    bot.log().some((line) => line.msg === 'run interrupted' && line.batchId === batchId),
  );
  const { outcomes } = await books(world, batchId);
  expect(outcomes).toEqual({ success: 5 - Number(outcomes.open), open: expect.any(Number) });
  await room(ENOUGH);
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(5));
});

it('none left: a call is told 503, a command and a click are answered privately, and nothing is decided', async () => {
  const { batchId, ts } = await ask(world, slack, await failed(1));
  await shrinkTo(0);
  expect(await dryRun()).toEqual({
    status: 503,
    body: { error: 'unavailable', message: expect.stringContaining('nothing was changed') },
  });
  expect((await fetch(`${bot.url}/readyz`)).status).toBe(503);
  const command = await told('U0ONCALL', () =>
    slack.human.command({ user: 'U0ONCALL', channel: INCIDENT, command: '/retry-batch', text: 'since=2h' }),
  );
  const clicked = await told('U0ADMIN', () => click(slack, ts, 'approve'));
  for (const answer of [command, clicked]) {
    expect(answer).toContain("database can't be reached");
    expect(answer).toContain('Try again');
  }
  expect((await world.sql('select status from retry_batch.batches where id = $1', [batchId]))[0]).toEqual({
    status: 'waiting',
  });
  await room(ENOUGH);
  await until('a call goes through', async () => (await dryRun()).status === 200);
  await click(slack, ts, 'approve');
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(1));
});

it('few left: the run is done with what there is, each row once', async () => {
  const { batchId, ts } = await ask(world, slack, await failed(20));
  await shrinkTo(8);
  // The button as it was on the screen: a click may be told that the database is away, and the one before it may count.
  const seen = slack.message(INCIDENT, ts)?.blocks ?? [];
  await until('the click is taken', async () => {
    const [batch] = await world.sql<{ status: string }>(
      'select status from retry_batch.batches where id = $1',
      [batchId],
    );
    if (batch?.status !== 'waiting') return true;
    const actionId = 'retry_batch_approve';
    await slack.human.click({
      user: 'U0ADMIN',
      channel: INCIDENT,
      ts,
      actionId,
      seen,
      confirm: 'accept',
    });
    return false;
  });
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(20));
});

it('as many as docs/operating.md asks for: nobody is refused, however much comes at once', async () => {
  const holder = await world.connect();
  await holder.query('begin; lock table or_sessions in access exclusive mode');
  const calls = Array.from({ length: 2 * ENOUGH }, dryRun);
  await until('the bot’s pool is used up', async () => {
    const { n } = await world.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'`,
      [role.name],
    );
    // But for those of dry runs and lists, of health and of the queue.
    return n === REPLAYS + 5;
  });
  await holder.end();
  expect(new Set((await Promise.all(calls)).map((answer) => answer.status))).toEqual(new Set([200]));
});
