// What customers hear of a replay: a real webhook receiver and a real mail server at the other end, real processes
// and the operator's own command at this one.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { answering, type Receiver, startReceiver } from '../notify/receiver.ts';
import { type SmtpServer, startSmtpServer } from '../notify/smtp-server.ts';
import { ask, books, click, eachOnce, mapAdmins, status } from '../support/incident.ts';
import { held, inLine, locksAwaited } from '../support/locks.ts';
import { type BotProcess, spawnFile, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type World } from '../support/world.ts';

/** A channel for each run, because Slack takes about one post a second in each. */
const CHANNELS = Array.from({ length: 12 }, (_, n) => ({
  id: `C0RUN${n}`,
  name: `run-${n}`,
  members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'],
}));

let world: World;
let used = 0;
let slack: LocalSlack;
let mail: SmtpServer;
let receiver: Receiver;
/** Each test's customer has addresses of its own: what an earlier one still waits for comes whenever it is due. */
let tests = 0;
const path = () => `/hook/${tests}`;
const mailbox = () => `crm-${tests}@customer.test`;
/** What the receiver answers on the test's path, by the order of its calls; 200 beyond, and elsewhere. */
let answers: number[] = [];
/** What it wishes for where it refuses. */
let retryAfter: string | undefined;
let bot: BotProcess;

const start = async () => {
  bot = await startBot(world, {
    SLACK_API_URL: slack.apiUrl,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAIL_FROM: 'onramp@onramp.test',
    WEBHOOK_ALLOW_PRIVATE: 'true',
  });
  slack.setRequestUrl(`${bot.url}/slack/events`);
};

beforeAll(async () => {
  [world, slack, mail] = await Promise.all([
    createWorld(),
    startSlack({ channels: CHANNELS }),
    startSmtpServer(),
  ]);
  receiver = await startReceiver((response, request) =>
    answering(
      (request.path === path() ? answers.shift() : undefined) ?? 200,
      retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    )(response),
  );
  await mapAdmins(world);
  await start();
});

beforeEach(() => {
  tests += 1;
  answers = [];
  retryAfter = undefined;
});

/** Executions of a customer who wants both kinds. */
async function executions(rows: number, payload?: unknown): Promise<Execution[]> {
  const vendorId = await world.vendor({
    webhook: new URL(path(), receiver.url).href,
    email: mailbox(),
  });
  const ramp = await world.ramp({ vendorId });
  return Promise.all(Array.from({ length: rows }, () => world.execution({ ramp, payload })));
}

function nextChannel(): string {
  used += 1;
  return CHANNELS[used % CHANNELS.length]?.id ?? '';
}

async function run(rows: readonly Execution[], suppress: boolean): Promise<string> {
  const channel = nextChannel();
  const { batchId, ts } = await ask(world, slack, rows, `suppress_notifications=${suppress}`, channel);
  await click(slack, ts, 'approve', channel);
  await status(world, batchId, 'finished');
  return batchId;
}

type Stored = { id: string; kind: string; status: string; attempts: number };

async function stored(batchId: string): Promise<Stored[]> {
  return world.sql<Stored>(
    'select id, kind, status, attempts from retry_batch.notifications where batch_id = $1 order by kind, id',
    [batchId],
  );
}

async function all(batchId: string, wanted: string, kind?: string): Promise<Stored[]> {
  return until(`all notifications are ${wanted}`, async () => {
    const found = (await stored(batchId)).filter((one) => kind === undefined || one.kind === kind);
    return found.length > 0 && found.every((one) => one.status === wanted) && found;
  });
}

/** The pause before the next try is over; its job got lost, so the sweep has to notice by itself. */
async function makeForgotten(batchId: string): Promise<void> {
  await world.sql(
    `update retry_batch.notifications set next_try_at = now() - interval '1 hour'
     where batch_id = $1 and status = 'queued'`,
    [batchId],
  );
}

const received = () => receiver.received.filter((one) => one.path === path());
const webhookIds = () => received().map((one) => String(one.headers['webhook-id']));
const mails = () => mail.mails.filter((one) => one.to.join().includes(mailbox()));
const messageIds = () => mails().map((one) => /<([^@]*)@/.exec(one.headers['message-id']?.[0] ?? '')?.[1]);

async function command(...words: string[]) {
  const ran = spawnFile('src/commands/notifications.ts', words, { DATABASE_URL: world.url });
  return { ...(await ran.exited), said: ran.stdout() };
}

it('suppressed: projects are created and nothing leaves, nor is anything kept to leave later', async () => {
  const batchId = await run(await executions(3), true);
  expect(await books(world, batchId)).toEqual(eachOnce(3));
  expect(await stored(batchId)).toEqual([]);
  expect(received()).toEqual([]);
  expect(mails()).toEqual([]);
});

it('not suppressed: one webhook and one e-mail for each project, each under its stored id', async () => {
  const batchId = await run(await executions(3), false);
  const found = await all(batchId, 'delivered');
  const ids = (kind: string) => found.filter((one) => one.kind === kind).map((one) => one.id);
  expect(ids('webhook')).toHaveLength(3);
  expect(webhookIds().sort()).toEqual(ids('webhook').sort());
  expect(messageIds().sort()).toEqual(ids('email').sort());
});

it('a replay that fails notifies nobody', async () => {
  const batchId = await run(await executions(1, { account: { id: '', name: 'No id' } }), false);
  expect((await books(world, batchId)).outcomes).toEqual({ error: 1 });
  expect(await stored(batchId)).toEqual([]);
});

it('a receiver that fails is tried again under the same id, even where the queue lost the job', async () => {
  answers = [500, 503];
  const batchId = await run(await executions(1), false);
  for (const tries of [1, 2]) {
    await until(`try ${tries} failed`, async () =>
      (await stored(batchId)).some(({ kind, attempts }) => kind === 'webhook' && attempts === tries),
    );
    await until('the failure is written down', async () => {
      const [row] = await world.sql<{ n: number }>(
        `select count(*) as n from retry_batch.notifications
         where batch_id = $1 and kind = 'webhook' and attempts = $2 and last_failure is not null
           and next_try_at > now() and next_try_at < now() + interval '45 seconds'`,
        [batchId, tries],
      );
      return row?.n === 1;
    });
    await world.sql(`delete from retry_batch_queue.job where name = 'deliveries' and state < 'active'`);
    await makeForgotten(batchId);
  }
  const [webhook] = await all(batchId, 'delivered', 'webhook');
  expect(webhookIds()).toEqual([webhook?.id, webhook?.id, webhook?.id]);
});

it.each([
  ['1800', 1800],
  ['86400', 3600],
  ['2', 10],
])('a receiver that wishes to be left alone for %s s is, but for an hour at most', async (wish, seconds) => {
  answers = [429];
  retryAfter = wish;
  const batchId = await run(await executions(1), false);
  const put = await until('the try is put off', async () => {
    const [row] = await world.sql<{ seconds: number; job: number }>(
      `select extract(epoch from n.next_try_at - now()) as seconds, extract(epoch from j.start_after - now()) as job
       from retry_batch.notifications n join retry_batch_queue.job j
         on j.name = 'deliveries' and j.state = 'created' and j.data ->> 'id' = n.id::text
       where n.batch_id = $1 and n.kind = 'webhook' and n.last_failure is not null`,
      [batchId],
    );
    return row;
  });
  for (const left of [Number(put.seconds), Number(put.job)]) {
    expect(left).toBeLessThanOrEqual(seconds + 1);
    // What has passed meanwhile, on however slow a machine.
    expect(left).toBeGreaterThan(seconds / 2);
  }
});

it('what the receiver refuses for good is parked, listed by the command, and sent again when an operator says so', async () => {
  answers = [410];
  const batchId = await run(await executions(1), false);
  const [webhook] = await all(batchId, 'parked', 'webhook');
  const listed = await command('parked');
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.said).toContain(webhook?.id);
  expect(await command('redeliver', String(webhook?.id))).toMatchObject({ code: 0 });
  await all(batchId, 'delivered', 'webhook');
  expect(webhookIds()).toEqual([webhook?.id, webhook?.id]);
  expect(await command('parked')).toMatchObject({ code: 0, said: 'Nothing is parked.\n' });
  expect(await command('redeliver', String(webhook?.id))).toMatchObject({ code: 1 });
});

it('what fails for the last time is parked, and never dropped', async () => {
  answers = [500, 500];
  const batchId = await run(await executions(1), false);
  await until('the first try failed', async () => {
    const [row] = await world.sql(
      `update retry_batch.notifications set attempts = 8, next_try_at = now() - interval '1 hour'
       where batch_id = $1 and kind = 'webhook' and last_failure is not null returning id`,
      [batchId],
    );
    return row;
  });
  await all(batchId, 'parked', 'webhook');
});

it('with the brake on nothing is delivered, and what waited goes out once it is off', async () => {
  answers = [410];
  const batchId = await run(await executions(1), false);
  const [webhook] = await all(batchId, 'parked', 'webhook');
  const halt = async (word: string) =>
    (await spawnFile('src/commands/halt.ts', [word], { DATABASE_URL: world.url }).exited).code;
  expect(await halt('on')).toBe(0);
  expect(await command('redeliver', String(webhook?.id))).toMatchObject({ code: 0 });
  await until('the delivery was put off', async () => {
    const [row] = await world.sql<{ n: number }>(
      `select count(*) as n from retry_batch_queue.job
       where name = 'deliveries' and data ->> 'id' = $1 and state = 'completed'`,
      [webhook?.id],
    );
    return (row?.n ?? 0) >= 2;
  });
  expect(webhookIds()).toEqual([webhook?.id]);
  expect(await halt('off')).toBe(0);
  await all(batchId, 'delivered', 'webhook');
  expect(webhookIds()).toEqual([webhook?.id, webhook?.id]);
});

it('killed between COMMIT and delivery: the next process delivers, under the id of the first', async () => {
  const [row] = await executions(1);
  const channel = nextChannel();
  const { batchId, ts } = await ask(world, slack, row ? [row] : [], 'suppress_notifications=false', channel);
  const history = await inLine(world, 'lock table or_workflow_history in share mode');
  await click(slack, ts, 'approve', channel);
  await held(world, /insert into or_workflow_history/);
  // In line behind the replay's own insert: it gets the table when that commits, before anything is claimed.
  const claims = inLine(world, 'lock table retry_batch.notifications in share mode');
  await until(
    'the table is asked for',
    async () => (await locksAwaited(world, 'retry_batch.notifications')) > 0,
  );
  await history.release();
  const unclaimable = await claims;
  await held(world, /set attempts = n.attempts/);
  await status(world, batchId, 'finished');
  bot.kill('SIGKILL');
  await bot.exited;
  // Its machine is gone too: what its connections waited to do is not done.
  await world.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'retry-batch'`,
  );
  await unclaimable.release();
  expect(received()).toEqual([]);
  await start();
  await makeForgotten(batchId);
  const found = await all(batchId, 'delivered');
  expect(webhookIds()).toEqual(found.filter((one) => one.kind === 'webhook').map((one) => one.id));
  expect(messageIds()).toEqual(found.filter((one) => one.kind === 'email').map((one) => one.id));
});
