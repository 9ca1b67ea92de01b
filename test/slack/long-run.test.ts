// Long runs under Slack's strict limits: what their threads tell, in how many words and which order, and how often they are
// edited.
import type { ApiEntry } from '../../src/dev/slack/traffic.ts';
import { manyFailed } from '../support/populations.ts';
import { shared } from '../support/shared.ts';
import { wordCount } from '../support/words.ts';
import { openDesk } from './desk.ts';

const environment = { CHUNK_SIZE: '1', REPLAY_CONCURRENCY: '1' };
const desk = shared(() => openDesk({ environment, slack: { limiter: true } }));
const ROWS = 60;

test('sixty chunks are told each fifth of the way, a new error when first seen, and the bar is edited in place', async () => {
  const { ramp, executions } = await desk.failed(ROWS - 3);
  // The canary: it succeeds, so that its group goes on.
  await desk.failed(1, { ramp, createdAt: '2026-05-11T12:30:00Z' });
  const payload = { account: { name: 'has no id' } };
  await desk.failed(2, { ramp, payload, createdAt: '2026-05-11T12:30:30Z' });
  const earlier = await desk.holdAt(executions[20] ?? never(), ramp);
  const hold = await desk.holdAt(executions[40] ?? never(), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  await earlier.reached();
  // It stands there before it is edited: on the way, and at the end.
  await desk.bar(asked, /2\d of 60 tried/);
  await earlier.letGo();
  await hold.reached();
  // The headline and the bar follow while it runs.
  const bar = await desk.bar(asked, /4\d of 60 tried/);
  await desk.slack.waitFor(() => /Running: 4\d of 60 tried/.test(desk.shown(asked).text), {
    what: 'the headline of a run that is under way',
  });
  await desk.reply(asked, /Chunks 25–36/);
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
  const report = await desk.slack.waitFor((now) =>
    now.thread(asked.channel, asked.ts).find((one) => one.broadcast),
  );
  expect(report.text).toContain('60 = 58 succeeded + 2 failed + 0 skipped + 0 not reached');
  await desk.settled(asked.batchId);

  const told = desk.replies(asked).map((one) => one.text);
  const chunks = told.filter((text) => /Chunks? \d/.test(text));
  // The new error, the four fifths before the report, and of the last of them nothing where the report was there first.
  expect(chunks.map((text) => /Chunks? [\d–]+/.exec(text)?.[0]).slice(0, 4)).toEqual([
    'Chunks 1–2',
    'Chunks 3–12',
    'Chunks 13–24',
    'Chunks 25–36',
  ]);
  expect(chunks.length).toBeLessThanOrEqual(5);
  expect(chunks.filter((text) => text.includes('New error'))).toHaveLength(1);
  expect(chunks[0]).toMatch(/1 failed\n.*New error, 1 time: .*MissingTriggerFieldError/s);
  expect(chunks[1]).toContain('9 succeeded, 1 failed');
  const started = told.findIndex((text) => /Started/.test(text));
  expect(started).toBeGreaterThanOrEqual(0);
  expect(started).toBeLessThan(told.indexOf(chunks[0] ?? ''));

  const edits = desk.slack
    .traffic()
    .filter(
      (one): one is ApiEntry => one.kind === 'api' && one.method === 'chat.update' && one.args.ts === bar.ts,
    );
  expect(edits.length).toBeGreaterThanOrEqual(2);
  // The bot keeps three seconds from one to the next, all in all: one that arrives late comes closer to the one behind it.
  const took = (edits.at(-1)?.at ?? 0) - (edits[0]?.at ?? 0);
  expect(took).toBeGreaterThan(3_000 * (edits.length - 1) - 1_000);
  expect(desk.slack.message(asked.channel, bar.ts)?.text).toContain('60 of 60 tried');
});

test('of 3,000 rows the whole thread is 250 words at most, and the report comes before what is still owed', async () => {
  const { world } = desk;
  const ramp = await world.ramp({ vendorId: await world.vendor({ name: 'Foxglove Retail' }) });
  // One in two hundred fails in a way of its own.
  const payload = `case when n % 200 = 100 then '{"account": {"name": "A"}}'::jsonb else '{"account": {"id": "a", "name": "A"}}' end`;
  await manyFailed(world, ramp, 3000, payload);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await world.sql('update retry_batch.batches set chunk_size = 25 where id = $1', [asked.batchId]);
  await desk.reply(asked, /in replay order: 3,000/);
  const before = desk.replies(asked).length;
  await desk.click(asked, 'approve');
  // On a busy machine the whole run takes longer than anybody waits for one thing.
  for (const far of [/[123],\d{3} of 3,000 tried/, /[23],\d{3} of 3,000 tried/]) await desk.bar(asked, far);
  const report = await desk.report(asked);
  await desk.settled(asked.batchId);
  expect(report.text).toContain('3,000 = 2,985 succeeded + 15 failed + 0 skipped + 0 not reached');
  expect(report.text).toContain('15 “Foxglove Retail”: “MissingTriggerFieldError');
  expect(report.text).toContain('The fix looks live: the original error came back 0 times in 3,000 replays.');
  expect(wordCount(report)).toBeLessThanOrEqual(130);
  // Of the run, not of the dry run.
  expect(wordCount(...desk.replies(asked).slice(before))).toBeLessThanOrEqual(250);

  const { ended } = await world.one<{ ended: number }>(
    `select extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as ended from retry_batch.events
     where batch_id = $1 and action = 'finished'`,
    [asked.batchId],
  );
  const late = desk.slack
    .traffic()
    .filter((one): one is ApiEntry => one.kind === 'api' && one.method === 'chat.postMessage')
    .filter((one) => one.args.channel === asked.channel && one.at > ended);
  // One line may have been on its way.
  expect(late.slice(0, 2).map((one) => String(one.args.reply_broadcast))).toContain('true');
});

function never(): never {
  throw new Error('there are fewer executions than this test counts on');
}
