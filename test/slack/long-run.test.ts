// One long run under Slack's strict limits: what its thread tells, in which order, and how often it is edited.
import type { ApiEntry } from '../../src/dev/slack/traffic.ts';
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';

const environment = { CHUNK_SIZE: '1', REPLAY_CONCURRENCY: '1' };
const desk = shared(() => openDesk({ environment, slack: { limiter: true } }));
const ROWS = 60;

test('sixty chunks are told in some twenty steps, a new failure when first seen, and the bar is edited in place', async () => {
  const { ramp, executions } = await desk.failed(ROWS - 3);
  // The canary: it succeeds, so that its group goes on.
  await desk.failed(1, { ramp, createdAt: '2026-05-11T12:30:00Z' });
  const payload = { account: { name: 'has no id' } };
  await desk.failed(2, { ramp, payload, createdAt: '2026-05-11T12:30:30Z' });
  const hold = await desk.holdAt(executions[40] ?? never(), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  await hold.reached();
  // The headline and the bar follow while it runs.
  const bar = await desk.bar(asked, /4\d of 60 tried/);
  await desk.slack.waitFor(() => /Running: 4\d of 60 tried/.test(desk.shown(asked).text), {
    what: 'the headline of a run that is under way',
  });
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
  const report = await desk.slack.waitFor((now) =>
    now.thread(asked.channel, asked.ts).find((one) => one.broadcast),
  );
  expect(report.text.split('\n')[0]).toBe('60 matched = 58 succeeded + 2 failed + 0 skipped + 0 not reached');
  await desk.settled(asked.batchId);

  const told = desk.replies(asked).map((one) => one.text);
  const chunks = told.filter((text) => /Chunks? \d/.test(text));
  expect(chunks.length).toBeGreaterThanOrEqual(18);
  expect(chunks.length).toBeLessThanOrEqual(24);
  // Every chunk is in exactly one of them: the counts add up.
  const sum = (pattern: RegExp) => chunks.reduce((all, text) => all + Number(pattern.exec(text)?.[1]), 0);
  expect([sum(/(\d+) succeeded/), sum(/(\d+) failed/)]).toEqual([58, 2]);
  expect(chunks.filter((text) => text.includes('New failure'))).toHaveLength(1);
  expect(chunks[0]).toMatch(/New failure.*MissingTriggerFieldError/s);
  expect(told.findIndex((text) => /Started/.test(text))).toBeLessThan(told.indexOf(chunks[0] ?? ''));

  const edits = desk.slack
    .traffic()
    .filter(
      (one): one is ApiEntry => one.kind === 'api' && one.method === 'chat.update' && one.args.ts === bar.ts,
    );
  expect(edits).not.toEqual([]);
  const gaps = edits.slice(1).map((one, index) => one.at - (edits[index]?.at ?? 0));
  // The bot keeps three seconds from having edited to editing again; what passes between is its own time.
  for (const gap of gaps) expect(gap).toBeGreaterThan(2_900);
  expect(desk.slack.message(asked.channel, bar.ts)?.text).toContain('60 of 60 tried');
});

function never(): never {
  throw new Error('there are fewer executions than this test counts on');
}
