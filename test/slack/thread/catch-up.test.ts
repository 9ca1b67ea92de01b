// A thread that has fallen behind: what is only old news is left out, decisions and facts are told, all of them and in
// order.
import fc from 'fast-check';
import { type AuditAction, type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import { stillNews } from '../../../src/slack/thread/catch-up.ts';
import { shared } from '../../support/shared.ts';
import { until } from '../../support/until.ts';
import { known, openDesk } from '../desk.ts';

const actor = { kind: 'system', name: 'test' } as const;
type Short = AuditAction | readonly [AuditAction, Record<string, unknown>];

const backlog = (all: readonly Short[]): RecordedEvent[] =>
  all.map((one, index) => {
    const [action, evidence] = typeof one === 'string' ? [one, {}] : one;
    return recorded({ id: index + 1, batchId: 'b', action, actor, evidence, at: new Date(0) });
  });
const chunk = (n: number): Short => [
  'chunk',
  { chunk: n, chunks: 60, succeeded: 24, failed: 1, skipped: 0, newFailures: [] },
];
const chunks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => chunk(from + index));
const actions = (all: readonly RecordedEvent[]) => all.map((one) => one.action);
const foundOut: Short = ['paused', { rule: 'canary', why: 'the fix does not look live' }];

test('forty chunks of a run that goes on are one line with their sums; of one that has ended the report tells them', () => {
  const told = stillNews(backlog(['approved', 'started', ...chunks(1, 40)]));
  expect(actions(told)).toEqual(['approved', 'started', 'chunk']);
  expect(told.at(-1)?.evidence).toMatchObject({ from: 1, chunk: 40, succeeded: 960, failed: 40 });
  const ended = backlog(['approved', 'started', ...chunks(1, 60), 'finished']);
  expect(actions(stillNews(ended))).toEqual(['approved', 'started', 'finished']);
});

test('chunks on both sides of a hold stay on their sides', () => {
  const told = stillNews(backlog([...chunks(1, 3), 'held', ...chunks(4, 9)]));
  const chunkOf = (one: RecordedEvent) => (one.action === 'chunk' ? one.evidence : null);
  expect(told.map((one) => [one.action, chunkOf(one)?.from, chunkOf(one)?.chunk])).toEqual([
    ['chunk', 1, 3],
    ['held', undefined, undefined],
    ['chunk', 4, 9],
  ]);
});

test.each<[string, Short[], AuditAction[]]>([
  ['a pause that was taken back', ['started', 'paused', 'resumed'], ['started']],
  ['a brake that was lifted', ['brake_on', 'brake_off', 'stopped'], ['stopped']],
  ['a pause before the stop', ['paused', 'stopped', 'finished'], ['stopped', 'finished']],
  [
    'a reminder that was answered',
    [foundOut, 'reminded', 'continued_anyway'],
    ['paused', 'continued_anyway'],
  ],
  ['processes that came and went', ['continued', 'continued', 'continued'], ['continued']],
])('%s is left out', (_, all, left) => {
  expect(actions(stillNews(backlog(all)))).toEqual(left);
});

test('what still holds is told: a pause, the brake, a reminder that waits for an answer', () => {
  const all = [foundOut, 'reminded', 'brake_on'] as const;
  expect(actions(stillNews(backlog(all)))).toEqual(['paused', 'reminded', 'brake_on']);
  expect(actions(stillNews(backlog(['paused', 'resumed', 'paused'])))).toEqual(['paused']);
});

const FACTS = [
  'approved',
  'approval_refused',
  'cancelled',
  'expired',
  'started',
  'held',
  'continued_anyway',
] as const;
const MORE_FACTS = ['retried_held', 'stopped', 'finished'] as const;

test('whatever else happened, no decision, hold or end is left out, nothing comes twice, and the order stays', () => {
  const passing = ['paused', 'resumed', 'reminded', 'continued', 'brake_on', 'brake_off'] as const;
  const any = fc.oneof(
    fc.constantFrom<Short>(...FACTS, ...MORE_FACTS, foundOut),
    fc.constantFrom<Short>(...passing),
    fc.nat({ max: 50 }).map(chunk),
  );
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (all) => {
      const events = backlog(all);
      const told = stillNews(events);
      const facts = (some: readonly RecordedEvent[]) =>
        some.filter(
          ({ action, written }) =>
            [...FACTS, ...MORE_FACTS].some((fact) => fact === action) || 'why' in written.evidence,
        );
      expect(facts(told)).toEqual(facts(events));
      const ids = told.map((one) => one.id);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    }),
  );
});

describe('a run of which nothing could be shown', () => {
  const desk = shared(() => openDesk({ environment: { CHUNK_SIZE: '1', REPLAY_CONCURRENCY: '1' } }));

  test('does not flood its thread when Slack is back: one line for its chunks, none for a pause that is over', async () => {
    const { ramp, executions } = await desk.failed(14);
    const hold = await desk.holdAt(known(executions[12], 'thirteenth execution'), ramp);
    const early = await desk.holdAt(known(executions[3], 'fourth execution'), ramp);
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.reply(asked, /Eligible: 14/);
    await desk.click(asked, 'approve');
    await early.reached();
    const bar = await desk.bar(asked);
    await desk.reply(asked, /Started/);
    const id = desk.slack.fault({ target: '*', kind: 'down', channel: asked.channel });
    await desk.click({ ...asked, ts: bar.ts }, 'pause');
    await desk.becomes(asked.batchId, 'paused');
    const button = { type: 'button', action_id: 'retry_batch_resume', value: asked.batchId };
    const text = { type: 'plain_text', text: 'Resume' };
    const seen = [{ type: 'actions', elements: [{ ...button, text }] }];
    await desk.click({ ...asked, ts: bar.ts }, 'resume' as const, 'U0ADMIN', { seen });
    await early.letGo();
    await hold.reached();
    await until('twelve chunks are done, and the thread knows nothing of the last eight', async () => {
      const sql = `select from retry_batch.batches join retry_batch.slack_threads on batch_id = id
        where id = $1 and chunks_done = 12 and held_up`;
      return (await desk.world.sql(sql, [asked.batchId])).length > 0;
    });
    desk.slack.clearFaults(id);
    const sum = await desk.reply(asked, /Chunks \d+–12 of 14/);
    expect(sum.text).toMatch(/\d+ succeeded$/);
    await hold.letGo();
    await desk.settled(asked.batchId);
    const told = desk.replies(asked).map((one) => one.text);
    expect(told.filter((one) => /Paused by|Resumed by/.test(one))).toEqual([]);
    expect(told.filter((one) => /Chunks? (4|5|6|7|8|9|10|11|12) of 14/.test(one))).toEqual([]);
    expect(told.filter((one) => one.includes('14 = 14 succeeded'))).toHaveLength(1);
  });
});
