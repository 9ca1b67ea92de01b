// Edits are limited: they are put off, posts go on, and all runs and processes of a workspace keep to one budget.
import { putOff, take } from '../../src/store/edit-budget.ts';
import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { buttonsOf, known, openDesk } from './desk.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1', CHUNK_SIZE: '1' } }));
afterEach(async () => {
  desk.slack.clearFaults();
  await desk.world.sql('delete from retry_batch.slack_edits');
});

const edits = (channel?: string) =>
  desk.slack
    .traffic()
    .filter(
      (one) =>
        one.kind === 'api' &&
        one.method === 'chat.update' &&
        (channel === undefined || one.args.channel === channel),
    );

async function standing() {
  const { ramp, executions } = await desk.failed(4);
  const at = await desk.holdAt(known(executions[1], 'second execution'), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /^Eligible: 4/);
  return { ...asked, at };
}

/** The threads have all but their edits; then, minutes later, Slack takes those again. */
const later = async (...runs: { batchId: string }[]) => {
  const ids = runs.map(({ batchId }) => batchId);
  await until('only edits are missing', async () => {
    const sql = `select from retry_batch.slack_threads where batch_id = any ($1) and lease_until is null
      and not settled and next_try_at > now() + interval '1 minute'`;
    return (await desk.world.sql(sql, [ids])).length === ids.length;
  });
  desk.slack.clearFaults();
  await desk.world.sql(`update retry_batch.slack_edits set held_until = null, recent = '{}'`);
  await desk.world.sql('update retry_batch.slack_threads set next_try_at = now() where batch_id = any ($1)', [
    ids,
  ]);
};

test('while Slack limits edits for minutes, the approval, the bar with its buttons, each chunk and the report are there, and nobody knocks', async () => {
  const run = await standing();
  const before = edits(run.channel).length;
  desk.slack.fault({ target: 'chat.update', kind: '429', retryAfter: 180 });
  await desk.click(run, 'approve');
  await run.at.reached();
  await desk.reply(run, /^✅ Approved by/);
  const bar = await desk.bar(run);
  expect(buttonsOf(bar)).toEqual(['pause', 'stop']);
  await desk.click({ ...run, ts: bar.ts }, 'pause');
  // The old bar can't change for minutes: Resume is in a new one.
  const next = await desk.slack.waitFor(
    () => desk.replies(run).find((one) => buttonsOf(one).includes('resume')),
    { what: 'a bar with Resume' },
  );
  await run.at.letGo();
  await desk.click({ ...run, ts: next.ts }, 'resume');
  expect((await desk.report(run)).text).toContain('4 = 4 succeeded');
  await desk.reply(run, /^Results: 4/);
  expect(edits(run.channel)).toHaveLength(before + 1);
  const { failures } = await desk.world.one<{ failures: number }>(
    'select failures from retry_batch.slack_threads where batch_id = $1',
    [run.batchId],
  );
  expect(failures).toBe(0);

  await later(run);
  await desk.slack.waitFor(() => desk.shown(run).text.includes('Finished: 4 succeeded'), { what: 'the end' });
  await desk.settled(run.batchId);
  expect(buttonsOf(desk.shown(run))).toEqual([]);
});

test('an edit that another run was refused is tried by nobody before its time', async () => {
  const [one, other] = [await standing(), await standing()];
  desk.slack.fault({ target: 'chat.update', kind: '429', retryAfter: 180 });
  const before = edits().length;
  await desk.click(one, 'approve');
  await desk.bar(one);
  await until('the limit is known', async () => {
    const sql = 'select from retry_batch.slack_edits where held_until > now()';
    return edits().length > before && (await desk.world.sql(sql)).length > 0;
  });
  await desk.click(other, 'approve');
  await one.at.letGo();
  await other.at.letGo();
  await desk.report(one);
  await desk.report(other);
  expect(edits()).toHaveLength(before + 1);
  await later(one, other);
  await desk.settled(one.batchId);
  await desk.settled(other.batchId);
});

describe('the budget of a workspace', () => {
  const tx = () => desk.app.ports.db.autocommit;
  const all = async (count: number, figures: boolean) => {
    const waits = await Promise.all(
      Array.from({ length: count }, () => take(tx(), TEAM, { count: 1, figures })),
    );
    return waits.filter((one) => one === 0).length;
  };
  let passedAt = 0;
  beforeEach(() => {
    passedAt = Date.now();
  });
  /** As if so many seconds had passed since the last time, however many did. */
  const pass = (seconds: number) => {
    const really = (Date.now() - passedAt) / 1000;
    passedAt = Date.now();
    return desk.world.sql(
      `update retry_batch.slack_edits set filled_at = filled_at - make_interval(secs => $1),
         held_until = held_until - make_interval(secs => $1),
         recent = array(select t - make_interval(secs => $1) from unnest(recent) t)`,
      [seconds - really],
    );
  };

  test('is 50 a minute, whoever takes them at once', async () => {
    expect(await all(80, false)).toBe(50);
    await pass(30);
    expect(await all(10, false)).toBe(0);
    const wait = await take(tx(), TEAM, { count: 1, figures: false });
    expect(wait).toBeGreaterThan(25);
    expect(wait).toBeLessThan(33);
    await pass(wait + 1);
    expect(await all(80, false)).toBe(50);
  });

  test('leaves some of it to decisions, however many bars there are', async () => {
    let figures = 0;
    for (let second = 0; second < 60; second += 1) {
      figures += await all(5, true);
      await pass(1);
    }
    expect(figures).toBeGreaterThan(36);
    expect(figures).toBeLessThan(45);
    expect(await all(80, false)).toBeGreaterThan(5);
  });

  test('has two edits or none for a headline and its bar', async () => {
    expect(await all(5, true)).toBe(5);
    expect(await take(tx(), TEAM, { count: 2, figures: true })).toBeGreaterThan(0);
    expect(await take(tx(), TEAM, { count: 1, figures: true })).toBe(0);
  });

  test('is another one for another workspace, and waits where Slack said so', async () => {
    await all(1, false);
    await putOff(tx(), TEAM, 90);
    expect(await take(tx(), TEAM, { count: 1, figures: false })).toBeGreaterThan(80);
    expect(await take(tx(), 'T0OTHER', { count: 1, figures: false })).toBe(0);
  });
});
