// A deploy: this release takes the place of the former one, whose processes go on until they are told to stop. Both
// work on one database, which the former one has set up.
import { readFile } from 'node:fs/promises';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import {
  type Asked,
  ask,
  books,
  click,
  eachOnce,
  mapAdmins,
  status,
  threadSays,
} from '../support/incident.ts';
import { dropEdge, EDGE_LOCK, type Holder, held, holdEdge, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, killAll, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Ramp, type World } from '../support/world.ts';
import { type FormerRelease, unpackFormerRelease } from './former-release.ts';

/** A channel for each run, because Slack takes about one post a second in each. */
const CHANNELS = Array.from({ length: 8 }, (_, n) => ({
  id: `C0RUN${n}`,
  name: `run-${n}`,
  members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'],
}));

type Run = Asked & { readonly channel: string };

let world: World;
let slack: LocalSlack;
let former: FormerRelease;
let runs = 0;

beforeAll(async () => {
  [former, slack] = await Promise.all([unpackFormerRelease(), startSlack({ channels: CHANNELS })]);
  world = await createWorld({ server: process.env.TEST_POSTGRES_URL, template: 'template0' });
  await world.sql(await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  const first = await startFormer();
  await mapAdmins(world);
  first.kill('SIGTERM');
  await first.exited;
});

afterEach(killAll);

/** Starts a process; from then on it is the one that Slack reaches. */
async function start(more: Record<string, string>, folder?: string): Promise<BotProcess> {
  const environment = { SLACK_API_URL: slack.apiUrl, REPLAY_CONCURRENCY: '1', CHUNK_SIZE: '5', ...more };
  const bot = await startBot(world, environment, folder);
  slack.setRequestUrl(`${bot.url}/slack/events`);
  return bot;
}

const startFormer = (more: Record<string, string> = {}) => start(more, former.folder);
const startThis = (more: Record<string, string> = {}) => start(more);

/** A dry run in a channel of its own, of so many executions of each workflow. */
async function asked(count: number, ...ramps: readonly Ramp[]): Promise<Run> {
  const all = ramps.length > 0 ? ramps : [await world.ramp()];
  const rows = await Promise.all(
    all.flatMap((ramp) => Array.from({ length: count }, () => world.execution({ ramp }))),
  );
  const channel = CHANNELS[runs++]?.id ?? '';
  return { channel, ...(await ask(world, slack, rows, 'suppress_notifications=true', channel)) };
}

const clicked = (run: Run, verb: Parameters<typeof click>[2]) => click(slack, run.ts, verb, run.channel);

/** Keeps the replay of this row in hand from the moment on that it waits for its trigger. */
async function holdAt({ batchId }: Run, position: number): Promise<Holder> {
  const { id } = await world.one<{ id: number }>(
    'select execution_id as id from retry_batch.plan_rows where batch_id = $1 and position = $2',
    [batchId, position],
  );
  return inLine(world, TRIGGER_LOCK, [id]);
}

/** Approves the run and resolves when its second row is in hand. */
async function approvedUntilSecond(run: Run): Promise<Holder> {
  const second = await holdAt(run, 2);
  await clicked(run, 'approve');
  await held(world, /pg_advisory_xact_lock/);
  return second;
}

/** Resolves when exactly these positions have an outcome and so many replays are in hand. */
async function standsAt({ batchId }: Run, done: readonly number[], inHand: number): Promise<void> {
  await until(`done are ${done.join(', ')}, and ${inHand} in hand`, async () => {
    const outcomes = await world.sql<{ position: number }>(
      'select position from retry_batch.plan_rows where batch_id = $1 and outcome is not null order by 1',
      [batchId],
    );
    const waiting = await world.sql(
      `select from pg_stat_activity where datname = current_database() and application_name = 'retry-batch'
         and wait_event_type = 'Lock' and query like '%pg_advisory_xact_lock%'`,
    );
    return waiting.length === inHand && outcomes.map((row) => row.position).join() === done.join();
  });
}

const positions = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** The thread's report, and that nothing is left to be said in it. */
async function reported({ batchId, ts, channel }: Run, equation: string): Promise<void> {
  await threadSays(slack, ts, equation, channel);
  await until('the thread is complete', async () => {
    const sql = `select from retry_batch.slack_threads t where batch_id = $1 and posted_event_id >=
      (select max(id) from retry_batch.events e where e.batch_id = t.batch_id and action = 'finished')`;
    return (await world.sql(sql, [batchId])).length > 0;
  });
}

it('a run goes on while this release takes the place of the former one: each row is done once, and its thread is complete', async () => {
  const patient = { TAKEOVER_SECONDS: '600' };
  const old = await startFormer(patient);
  const known = await world.sql<{ name: string }>('select name from retry_batch.migrations order by 1');
  expect(known.map((one) => one.name)).toEqual(former.migrations);
  const run = await asked(24);
  const [sixth, twelfth, eighteenth] = [
    await holdAt(run, 6),
    await holdAt(run, 12),
    await holdAt(run, 18),
  ] as const;
  await clicked(run, 'approve');
  await standsAt(run, positions(1, 5), 1);

  await startThis(patient);
  await standsAt(run, [...positions(1, 5), ...positions(7, 11)], 2);
  await sixth.release();
  await standsAt(run, [...positions(1, 11), ...positions(13, 17)], 2);

  old.kill('SIGTERM');
  await until('it says that it stops', () => old.log().some((line) => line.msg === 'stopping'));
  await eighteenth.release();
  expect(await old.exited).toEqual({ code: 0, signal: null });
  await standsAt(run, [...positions(1, 11), ...positions(13, 18)], 1);
  await twelfth.release();

  await status(world, run.batchId, 'finished');
  expect(await books(world, run.batchId)).toEqual(eachOnce(24));
  await reported(run, '24 matched = 24 succeeded + 0 failed + 0 skipped + 0 not reached');
  const told = await world.sql<{ action: string; chunk: number | null }>(
    `select action, (evidence ->> 'chunk')::integer as chunk from retry_batch.events
     where batch_id = $1 and action <> 'replayed' order by id`,
    [run.batchId],
  );
  expect(told.map(({ action }) => action)).toEqual([
    ...['asked', 'planned', 'approved', 'started'],
    ...positions(1, 5).map(() => 'chunk'),
    'finished',
  ]);
  expect(told.flatMap(({ chunk }) => chunk ?? [])).toEqual(positions(1, 5));
});

/** What the former release leaves behind when its last process dies: a batch in every status that goes on. */
async function leftBehind() {
  const old = await startFormer();
  const vendorId = await world.vendor();
  const broken = await world.ramp({
    vendorId,
    integrationId: await world.integration(vendorId, { revoked: true }),
  });
  const waiting = await asked(3);
  const paused = await asked(3);
  const second = await approvedUntilSecond(paused);
  await clicked(paused, 'pause');
  await status(world, paused.batchId, 'paused');
  await second.release();
  await standsAt(paused, [1, 2], 0);
  const pausedItself = await asked(4, broken);
  await clicked(pausedItself, 'approve');
  await status(world, pausedItself.batchId, 'paused');
  const finished = await asked(3, broken, await world.ramp());
  await clicked(finished, 'approve');
  await status(world, finished.batchId, 'finished');
  const stopping = await asked(3);
  const inHand = await approvedUntilSecond(stopping);
  await clicked(stopping, 'stop');
  await status(world, stopping.batchId, 'stopping');
  const running = await asked(3);
  await clicked(running, 'approve');
  await status(world, running.batchId, 'running');
  const approved = await asked(3);
  await holdEdge(world, 'hold_start', 'insert', 'retry_batch.events', `new.action = 'started'`);
  const edge = await inLine(world, EDGE_LOCK);
  await clicked(approved, 'approve');
  await held(world, /insert into retry_batch.events/);
  old.kill('SIGKILL');
  await old.exited;
  for (const lock of [inHand, edge]) await lock.release();
  await dropEdge(world, 'hold_start', 'retry_batch.events');
  return { waiting, paused, pausedItself, finished, stopping, running, approved };
}

it('batches that the former release left in every status are finished by this one', async () => {
  const left = await leftBehind();
  const statuses = await world.sql<{ id: string; status: string }>(
    'select id, status from retry_batch.batches where id = any ($1)',
    [Object.values(left).map((run) => run.batchId)],
  );
  const statusOf = new Map(statuses.map((one) => [one.id, one.status]));
  expect(Object.values(left).map((run) => statusOf.get(run.batchId))).toEqual([
    ...['waiting', 'paused', 'paused', 'finished', 'stopping', 'running', 'approved'],
  ]);

  await startThis();
  await world.sql('update or_integrations set token_revoked_at = null');
  await clicked(left.waiting, 'approve');
  await clicked(left.paused, 'resume');
  await clicked(left.pausedItself, 'retry_held');
  await clicked(left.finished, 'retry_held');
  for (const run of [left.waiting, left.paused, left.running, left.approved]) {
    await reported(run, '3 matched = 3 succeeded + 0 failed + 0 skipped + 0 not reached');
    expect(await books(world, run.batchId)).toEqual(eachOnce(3));
  }
  await reported(left.stopping, '3 matched = 1 succeeded + 0 failed + 0 skipped + 2 not reached');
  await reported(left.pausedItself, '4 matched = 3 succeeded + 1 failed + 0 skipped + 0 not reached');
  await reported(left.finished, '6 matched = 5 succeeded + 1 failed + 0 skipped + 0 not reached');
  for (const run of [left.pausedItself, left.finished]) {
    const { projects, history, told, disagreements } = await books(world, run.batchId);
    expect([Object.keys(history), Object.keys(told), disagreements]).toEqual([['1'], ['1'], []]);
    expect(projects[0]).toBe(1);
  }
});
