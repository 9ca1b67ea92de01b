// SIGTERM in the middle of work: the replay in hand ends one way or the other, and what is left goes on elsewhere.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { ask, books, click, eachOnce, mapAdmins, status, threadSays } from '../support/incident.ts';
import { type Holder, held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 4;

let world: World;
let slack: LocalSlack;

// Longer than the test: whoever goes on does so because the run was given back, not because it went silent.
const environment = () => ({ SLACK_API_URL: slack.apiUrl, REPLAY_CONCURRENCY: '1', TAKEOVER_SECONDS: '600' });

beforeAll(async () => {
  [world, slack] = await Promise.all([createWorld(), startSlack()]);
  await mapAdmins(world);
});

/** A run that is held with its second row in hand. */
async function runInHand(bot: BotProcess): Promise<{ batchId: string; ts: string; trigger: Holder }> {
  slack.setRequestUrl(`${bot.url}/slack/events`);
  const ramp = await world.ramp();
  const rows = await Promise.all(Array.from({ length: ROWS }, () => world.execution({ ramp })));
  const { batchId, ts } = await ask(world, slack, rows);
  const second = await world.one<{ id: number }>(
    'select execution_id as id from retry_batch.plan_rows where batch_id = $1 and position = 2',
    [batchId],
  );
  const trigger = await inLine(world, TRIGGER_LOCK, [second.id]);
  await click(slack, ts, 'approve');
  await held(world, /pg_advisory_xact_lock/);
  return { batchId, ts, trigger };
}

async function expectGoesOnAtOnce(batchId: string, ts: string): Promise<void> {
  const next = await startBot(world, environment());
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(ROWS));
  // The thread tells it while the run goes on; behind the report it is old news.
  const continued = `select from retry_batch.events where batch_id = $1 and action = 'continued'`;
  expect(await world.sql(continued, [batchId])).toHaveLength(1);
  await threadSays(slack, ts, `${ROWS} = ${ROWS} succeeded`);
  next.kill('SIGTERM');
  expect(await next.exited).toEqual({ code: 0, signal: null });
}

describe('a process that is told to stop', () => {
  it('lets the replay in hand finish, begins no other, and leaves the run to the next start', async () => {
    const bot = await startBot(world, environment());
    const { batchId, ts, trigger } = await runInHand(bot);
    bot.kill('SIGTERM');
    await until('it says that it stops', () => bot.log().some((line) => line.msg === 'stopping'));
    await trigger.release();
    expect(await bot.exited).toEqual({ code: 0, signal: null });
    expect((await books(world, batchId)).outcomes).toEqual({ success: 2, open: ROWS - 2 });
    await expectGoesOnAtOnce(batchId, ts);
  });

  it('does not wait for a replay that can’t finish: it is rolled back, and the run is left all the same', async () => {
    const bot = await startBot(world, environment());
    const { batchId, ts, trigger } = await runInHand(bot);
    bot.kill('SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });
    await trigger.release();
    await expectGoesOnAtOnce(batchId, ts);
  });

  it('ends an HTTP call after the replay in hand and tells the caller what is left', async () => {
    const bot = await startBot(world, environment());
    const ramp = await world.ramp();
    const rows = await Promise.all(Array.from({ length: ROWS }, () => world.execution({ ramp })));
    const first = rows[0]?.id;
    const trigger = await inLine(world, TRIGGER_LOCK, [first]);
    const cookie = await world.session((await world.user()).id);
    const calling = fetch(`${bot.url}/api/ramps/executions/retry-batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ execution_uuids: rows.map((one) => one.uuid), dry_run: false }),
    });
    await held(world, /pg_advisory_xact_lock/);
    bot.kill('SIGTERM');
    await until('it says that it stops', () => bot.log().some((line) => line.msg === 'stopping'));
    await trigger.release();
    const answered = await calling;
    // Nobody sends another call over it, and the process does not wait for one.
    expect(answered.headers.get('connection')).toBe('close');
    const answer = (await answered.json()) as { summary: Record<string, number> };
    expect(answer.summary).toMatchObject({ success: 1, remaining: ROWS - 1 });
    expect(await bot.exited).toEqual({ code: 0, signal: null });
  });
});
