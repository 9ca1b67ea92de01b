// Postgres is restarted, and a standby takes its place, in the middle of a run: what was committed stays, the row in
// hand is rolled back whole, and the run goes on by itself, on whichever server takes writes.
import { call, startApp } from '../support/app.ts';
import { startCluster } from '../support/cluster.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { approved, person } from '../support/races.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 6;
const READ_ONLY = '25006';

const cluster = shared(() => startCluster());
const world = shared(() => createWorld(cluster.home));
let bot: BotProcess;
let cookie: string;

beforeAll(async () => {
  bot = await startBot(world, { REPLAY_CONCURRENCY: '2' });
  cookie = await world.session((await world.user()).id);
});

/** A run with some rows done and one in hand; the test's own lock goes with its connection. */
async function inTheMiddle(): Promise<string> {
  const ramp = await world.ramp();
  const rows = await Promise.all(Array.from({ length: ROWS }, () => world.execution({ ramp })));
  const approver = await startApp(world);
  const admin = await person(world);
  await inLine(world, TRIGGER_LOCK, [rows.map((row) => row.id).sort((a, b) => a - b)[ROWS - 2]]);
  const batchId = await approved(approver.ports, rows, admin);
  await approver.stop();
  await held(world, /pg_advisory_xact_lock/);
  return batchId;
}

/** Some rows are done, each with all that belongs to it, and the others are as they were. */
async function wholeRows(batchId: string): Promise<void> {
  const found = await books(world, batchId);
  const done = found.outcomes.success ?? 0;
  expect(done).toBeLessThan(ROWS);
  expect(found).toEqual({
    ...{ outcomes: { success: done, open: ROWS - done }, projects: { 0: ROWS - done, 1: done } },
    ...{ history: { 1: done }, told: { 1: done }, disagreements: undefined },
  });
}

const dryRun = () => call(bot, cookie, { since: '2026-05-11T12:30:00Z', dry_run: true });
/** The health page's word, which is kept for a second. */
const says = (wanted: { readonly status: number; readonly database: string }) =>
  until(`the health page says ${wanted.database}`, async () => {
    const now = await ready();
    return now.status === wanted.status && now.database === wanted.database;
  });
const ready = async () => {
  const answer = await fetch(`${bot.url}/readyz`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return { status: answer.status, database: checks.database };
};

it('Postgres is restarted: calls are told 503 meanwhile, and the run goes on by itself', async () => {
  const batchId = await inTheMiddle();
  await cluster.restart(async () => {
    expect(await dryRun()).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    await says({ status: 503, database: 'unreachable' });
  });
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
  await says({ status: 200, database: 'ok' });
});

it('Postgres fails over: nothing is written until the standby is promoted, and then the run goes on', async () => {
  const batchId = await inTheMiddle();
  await cluster.failOver();
  await until('the bot learns that the server takes no writes', () =>
    bot.log().some((line) => JSON.stringify(line).includes(READ_ONLY)),
  );
  expect(await dryRun()).toMatchObject({
    status: 503,
    body: { error: 'unavailable', message: expect.stringContaining('nothing was changed') },
  });
  await says({ status: 503, database: 'read only' });
  await wholeRows(batchId);
  await cluster.promote();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
  await says({ status: 200, database: 'ok' });
  expect(await dryRun()).toMatchObject({ status: 200 });
});
