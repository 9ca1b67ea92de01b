// A process is killed (SIGKILL) while it has sent what a run owes, or just has: another one is there, whoever clicks clicks again,
// and each is told once.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { answering, type Receiver, startReceiver } from '../notify/receiver.ts';
import { ask, click, mapAdmins, status } from '../support/incident.ts';
import { dropEdge, EDGE_LOCK, held, holdEdge, inLine } from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { INCIDENT, startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 3;

let world: World;
let slack: LocalSlack;
let receiver: Receiver;
let vendorId: number;
let batchId: string;
let ts: string;
const bots: BotProcess[] = [];

const start = async () => {
  const bot = await startBot(world, { SLACK_API_URL: slack.apiUrl, WEBHOOK_ALLOW_PRIVATE: 'true' });
  bots.push(bot);
  return bot;
};

beforeAll(async () => {
  [world, slack, receiver] = await Promise.all([createWorld(), startSlack(), startReceiver(answering(200))]);
  await mapAdmins(world);
  vendorId = await world.vendor({ webhook: receiver.url });
  const ramp = await world.ramp({ vendorId });
  const rows = await Promise.all(Array.from({ length: ROWS }, () => world.execution({ ramp })));
  const bot = await start();
  await start();
  slack.setRequestUrl(`${bot.url}/slack/events`);
  const asked = await ask(world, slack, rows);
  ({ batchId, ts } = asked);
  await click(slack, ts, 'approve');
  await status(world, batchId, 'finished');
});

async function viewOf(user: string, callbackId: string) {
  return slack.waitFor((now) => now.viewsOf(user).find((one) => one.content.callback_id === callbackId), {
    what: `${user}'s view ${callbackId}`,
  });
}

/** The sums of everything that is owed, before this person. */
async function sums(user: string) {
  const report = await slack.waitFor(
    (now) => now.thread(INCIDENT, ts).find(({ blocks }) => /retry_batch_owed/.test(JSON.stringify(blocks))),
    { what: 'the report with its button' },
  );
  await slack.human.click({ user, channel: INCIDENT, ts: report.ts, actionId: 'retry_batch_owed' });
  await viewOf(user, 'retry_batch_owed');
  await slack.human.submit({ user, values: { retry_batch_owed_webhook: [String(vendorId)] } });
  return viewOf(user, 'retry_batch_owed_sums');
}

const stored = () =>
  world.sql<{ id: string; status: string }>(
    'select id, status from retry_batch.notifications where batch_id = $1',
    [batchId],
  );

/** The process that has the request in hand; the other one takes the next. */
async function kill(): Promise<void> {
  const [bot] = bots.splice(0, 1);
  bot?.kill('SIGKILL');
  await bot?.exited;
  slack.setRequestUrl(`${bots[0]?.url}/slack/events`);
}

test('killed before it is stored, nothing has gone; clicked again, by two admins, each goes once', async () => {
  await holdEdge(world, 'hold_sent', 'insert', 'retry_batch.events', `new.action = 'owed_sent'`);
  const lock = await inLine(world, EDGE_LOCK);
  const view = await sums('U0ADMIN');
  await slack.human.submit({ user: 'U0ADMIN', viewId: view.id });
  await held(world, /insert into retry_batch.events/);
  await kill();
  await lock.release();
  await dropEdge(world, 'hold_sent', 'retry_batch.events');
  expect(await stored()).toEqual([]);
  await start();
  await sums('U0ADMIN');
  await sums('U0ADMIN2');
  // Stored by one and not delivered yet when that one dies, too.
  const claims = inLine(world, 'lock table retry_batch.brake in access exclusive mode');
  const unclaimable = await claims;
  await Promise.all(['U0ADMIN', 'U0ADMIN2'].map((user) => slack.human.submit({ user })));
  await until('they are stored', async () => (await stored()).length === ROWS);
  await kill();
  await unclaimable.release();
  await world.sql(
    `update retry_batch.notifications set next_try_at = now() - interval '1 hour' where batch_id = $1 and status = 'queued'`,
    [batchId],
  );
  const ids = await until('all are delivered', async () => {
    const found = await stored();
    return found.every((one) => one.status === 'delivered') && found.map(({ id }) => id);
  });
  expect(ids).toHaveLength(ROWS);
  expect(receiver.received.map(({ headers }) => String(headers['webhook-id'])).sort()).toEqual(
    [...ids].sort(),
  );
  const projects = receiver.received.map(({ body }) => JSON.parse(String(body)).data.project_uuid);
  expect(new Set(projects).size).toBe(ROWS);
});
