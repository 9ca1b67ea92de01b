// A process is killed from outside (SIGKILL) at named moments of a run, and another one that is already there goes
// on. It is held at each moment by another connection's lock; the bot's code knows nothing of it.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { answering, type Receiver, startReceiver } from '../notify/receiver.ts';
import { ask, books, click, eachOnce, mapAdmins, status, threadSays } from '../support/incident.ts';
import {
  dropEdge,
  EDGE_LOCK,
  type Holder,
  held,
  holdEdge,
  inLine,
  TRIGGER_LOCK,
  workerPid,
} from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type Ramp, type World } from '../support/world.ts';

const ROWS = 5;

type Moment = {
  readonly when: string;
  /** The lock that holds the run there, taken while the second row waits for its trigger. */
  readonly lock: string;
  /** The lock is about this batch. */
  readonly ofBatch?: true;
  /** The statement that is held. */
  readonly statement: RegExp;
  readonly notifies?: true;
};

const MOMENTS: readonly Moment[] = [
  {
    when: 'it takes the next row of the plan',
    lock: 'lock table retry_batch.plan_rows in exclusive mode',
    statement: /with taken as materialized/,
  },
  {
    when: 'it claims an execution',
    lock: 'lock table or_ramp_executions in exclusive mode',
    statement: /with taken as materialized/,
  },
  {
    when: 'it judges an execution again',
    lock: 'lock table or_ramp_versions in access exclusive mode',
    statement: /with q as materialized/,
  },
  {
    when: 'it creates the account',
    lock: 'lock table or_accounts in share mode',
    statement: /insert into or_accounts/,
  },
  {
    when: 'it creates the project',
    lock: 'lock table or_projects in share mode',
    statement: /insert into or_projects/,
  },
  {
    when: 'it stores the notifications',
    lock: 'lock table retry_batch.notifications in share mode',
    statement: /insert into retry_batch.notifications/,
    notifies: true,
  },
  {
    when: 'it queues their delivery',
    lock: 'lock table retry_batch_queue.job in share mode',
    statement: /retry_batch_queue/,
    notifies: true,
  },
  {
    when: 'it writes the outcome and the history',
    lock: 'lock table or_workflow_history in share mode',
    statement: /insert into or_workflow_history/,
  },
  {
    when: 'it closes a chunk',
    lock: 'select from retry_batch.batches where id = $1 for update',
    ofBatch: true,
    statement: /set chunks_done/,
  },
  { when: 'it writes down the end', lock: EDGE_LOCK, statement: /set status = \$2/ },
];

/** A channel for each run, because Slack takes about one post a second in each. */
const CHANNELS = Array.from({ length: MOMENTS.length + 2 }, (_, n) => ({
  id: `C0RUN${n}`,
  name: `run-${n}`,
  members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'],
}));

let world: World;
const runs: { readonly channel: string; readonly ts: string }[] = [];
let slack: LocalSlack;
let receiver: Receiver;
let ramp: Ramp;
let bots: BotProcess[] = [];

const environment = () => ({
  SLACK_API_URL: slack.apiUrl,
  REPLAY_CONCURRENCY: '1',
  CHUNK_SIZE: '2',
  WEBHOOK_ALLOW_PRIVATE: 'true',
});

beforeAll(async () => {
  [world, slack, receiver] = await Promise.all([
    createWorld(),
    startSlack({ channels: CHANNELS }),
    startReceiver(answering(200)),
  ]);
  await mapAdmins(world);
  ramp = await world.ramp({ vendorId: await world.vendor({ webhook: receiver.url }) });
  await holdEdge(world, 'hold_end', 'update', 'retry_batch.batches', `new.status = 'finished'`);
});

beforeEach(async () => {
  while (bots.length < 2) bots.push(await startBot(world, environment()));
  slack.setRequestUrl(`${bots[0]?.url}/slack/events`);
});

async function executions(rows: number) {
  return Promise.all(Array.from({ length: rows }, () => world.execution({ ramp })));
}

/** Kills the process that works on the run; answers it. */
async function killWorker(batchId: string): Promise<BotProcess> {
  const pid = await workerPid(world, batchId);
  const worker = bots.find((bot) => bot.pid === pid);
  if (worker === undefined) throw new Error(`no process of ours has the id ${pid}`);
  worker.kill('SIGKILL');
  await worker.exited;
  bots = bots.filter((bot) => bot !== worker);
  slack.setRequestUrl(`${bots[0]?.url}/slack/events`);
  return worker;
}

async function askInOwnChannel(rows: readonly Execution[], notifies: boolean) {
  const channel = CHANNELS[runs.length]?.id ?? '';
  const asked = await ask(world, slack, rows, `suppress_notifications=${!notifies}`, channel);
  runs.push({ channel, ts: asked.ts });
  return { ...asked, channel };
}

/** Approves and lets the run come to its second row, which waits for its trigger. */
async function runToSecondRow(notifies: boolean) {
  const rows = await executions(ROWS);
  const { batchId, ts, channel } = await askInOwnChannel(rows, notifies);
  const second = await world.one<{ id: number }>(
    'select execution_id as id from retry_batch.plan_rows where batch_id = $1 and position = 2',
    [batchId],
  );
  const trigger = await inLine(world, TRIGGER_LOCK, [second.id]);
  await click(slack, ts, 'approve', channel);
  await held(world, /pg_advisory_xact_lock/);
  // What is being delivered when a process dies is tried again when its lease is over, a minute later.
  if (notifies) await delivered(batchId);
  return { batchId, trigger };
}

/** Another process goes on: each row once, and the numbers agree with OnRamp's tables. */
async function expectGoneOn(batchId: string): Promise<void> {
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
}

describe('a process that is killed in a run loses nothing and repeats nothing: another one goes on', () => {
  it.each(MOMENTS)('killed as $when', async ({ lock, ofBatch, statement, notifies = false }) => {
    const { batchId, trigger } = await runToSecondRow(notifies);
    const moment: Holder = await inLine(world, lock, ofBatch ? [batchId] : []);
    await trigger.release();
    await held(world, statement);
    await killWorker(batchId);
    await moment.release();
    await expectGoneOn(batchId);
    if (notifies) await expectNotifiedOnce(batchId);
  });

  it('killed as it waits for another replay of the same trigger', async () => {
    const { batchId, trigger } = await runToSecondRow(false);
    await killWorker(batchId);
    await trigger.release();
    await expectGoneOn(batchId);
  });
});

/** Resolves with the ids of the batch's notifications once all there are so far have been delivered. */
async function delivered(batchId: string): Promise<string[]> {
  return until('every notification is delivered', async () => {
    const found = await world.sql<{ id: string; status: string }>(
      'select id, status from retry_batch.notifications where batch_id = $1',
      [batchId],
    );
    return found.every((one) => one.status === 'delivered') && found.map((one) => one.id);
  });
}

/** Each project of the batch was told of once, under the id it was stored with. */
async function expectNotifiedOnce(batchId: string): Promise<void> {
  const stored = await delivered(batchId);
  expect(stored).toHaveLength(ROWS);
  const ids = receiver.received.map((one) => String(one.headers['webhook-id']));
  expect(ids.filter((id) => stored.includes(id)).sort()).toEqual([...stored].sort());
}

describe('a process that is killed when nobody else is there', () => {
  it('leaves the run to the next start, even when it had only just been approved', async () => {
    await holdEdge(world, 'hold_start', 'insert', 'retry_batch.events', `new.action = 'started'`);
    const { batchId, ts, channel } = await askInOwnChannel(await executions(ROWS), false);
    const moment = await inLine(world, EDGE_LOCK);
    await click(slack, ts, 'approve', channel);
    await held(world, /insert into retry_batch.events/);
    for (const bot of bots) bot.kill('SIGKILL');
    await Promise.all(bots.map((bot) => bot.exited));
    bots = [];
    await moment.release();
    await dropEdge(world, 'hold_start', 'retry_batch.events');
    bots.push(await startBot(world, environment()));
    await status(world, batchId, 'finished');
    expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
  });
});

// That a thread says "Continued" where a process was missed is in test/runs/several-processes.test.ts: here the other
// one shares the run, and has done the rest before anybody could be missed.
it('every thread ends with the right report', async () => {
  const report = `${ROWS} = ${ROWS} succeeded + 0 failed + 0 skipped + 0 not reached`;
  await Promise.all(runs.map(({ ts, channel }) => threadSays(slack, ts, report, channel)));
});
