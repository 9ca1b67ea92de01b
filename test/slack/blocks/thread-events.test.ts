import { AUDIT_ACTIONS, type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import { eventMessage } from '../../../src/slack/blocks/thread-events.ts';
import { problems, words } from './check.ts';
import { ANA, approved, BEN } from './sample.ts';

const AT =
  '<!date^1778522700^{date_short_pretty} {time_secs}|2026-05-11 18:05:00 UTC> (2026-05-11 18:05:00 UTC)';

function event(action: string, evidence: Record<string, unknown> = {}, actor = BEN): RecordedEvent {
  const at = new Date('2026-05-11T18:05:00Z');
  return recorded({ id: 1, at, batchId: approved.id, action, actor, evidence });
}

function said(action: string, evidence?: Record<string, unknown>, actor = BEN): string | undefined {
  return eventMessage(event(action, evidence, actor), approved)?.text;
}

test('the edges of a batch say who did what, when', () => {
  expect(said('approved')).toBe(`✅ Approved by <@U0BEN>, ${AT}. 1,204 executions will be replayed.`);
  expect(said('cancelled')).toBe(`🚫 Cancelled by <@U0BEN>, ${AT}. Nothing was replayed.`);
  expect(said('expired')).toContain('Expired');
  expect(said('started')).toBe(`▶️ Started, ${AT}, approved by <@U0BEN>. Batch “3f2a9c1e”.`);
  expect(said('continued')).toContain('No execution is replayed twice');
  expect(said('paused', { rule: 'breaker', why: '3 failures in a row' })).toContain(
    'Why: “3 failures in a row”',
  );
  expect(said('resumed')).toContain('Resumed by <@U0BEN>');
  expect(said('stopped')).toContain('stays in ERROR');
});

test('a refused approval says who tried and why it was refused', () => {
  expect(said('approval_refused', { because: 'no_role', attempted: 'approval_refused' }, ANA)).toBe(
    `⛔ Approval refused: <@U0ANA>, ${AT}, their OnRamp user lacks the role. Nothing was changed.`,
  );
  expect(said('approval_refused', { because: 'constructor' }, ANA)).toBe(
    `⛔ Approval refused: <@U0ANA>, ${AT}. Nothing was changed.`,
  );
});

test('a chunk says its counts, and each new failure with an example', () => {
  const evidence = {
    chunk: 3,
    chunks: 49,
    succeeded: 23,
    failed: 2,
    skipped: 0,
    putOff: 1,
    newFailures: [{ group: 'KeyError: <value> `x`', count: 2, example: 'KeyError: 7' }],
  };
  expect(said('chunk', evidence)).toBe(
    `⚠️ Chunk 3 of 49: 23 succeeded, 2 failed, 0 skipped, 1 locked (tried again at the end), ${AT}\n` +
      '- New failure, 2 times: “KeyError: &lt;value&gt; ˋxˋ”, for example “KeyError: 7”',
  );
});

test('a chunk in which everything fails in its own way stays within the limits', () => {
  const newFailures = Array.from({ length: 25 }, (_, i) => ({
    group: `${'"&<'.repeat(1000)}${i}`,
    count: 1,
    example: 'x',
  }));
  const message = eventMessage(
    event('chunk', { chunk: 1, chunks: 1, succeeded: 0, failed: 25, skipped: 0, newFailures }),
    approved,
  );
  if (message === null) throw new Error('a chunk has a message');
  expect(problems(message)).toEqual([]);
  expect(words(message)).toMatch(/\d+ more new failures/);
});

test('the end repeats the closing equation where the evidence has it', () => {
  const tally = { matched: 3, succeeded: 1, failed: 1, skipped: 1, notReached: 0 };
  expect(said('finished', { status: 'finished', own: tally, recounted: tally, disagreements: [] })).toContain(
    '3 matched = 1 succeeded + 1 failed + 1 skipped + 0 not reached',
  );
  expect(said('finished', { recounted: 'lost' })).toBe(`🏁 Finished, ${AT}.`);
});

test('an end whose numbers disagree says so in the thread before the report does', () => {
  const recounted = { matched: 3, succeeded: 0, failed: 1, skipped: 1, notReached: 0 };
  expect(said('finished', { status: 'finished', own: recounted, recounted, disagreements: ['x'] })).toContain(
    '⚠️ The numbers disagree',
  );
});

test('evidence that can not be read leaves a plain line, never an error', () => {
  const odd = [
    {},
    { chunk: 'three' },
    { newFailures: [null] },
    { why: 7 },
    { because: null },
    { recounted: [] },
  ];
  for (const action of AUDIT_ACTIONS) {
    for (const evidence of odd) {
      const message = eventMessage(event(action, evidence), approved);
      if (message !== null) expect(problems(message)).toEqual([]);
    }
  }
  expect(said('chunk', { chunk: 'three' })).toBe(`A chunk is done, ${AT}.`);
});

test('an action of a newer release is told plainly, by its name and nothing that it may hold', () => {
  expect(said('moved_<!channel>', { why: 'secret' })).toBe(
    `ℹ️ “moved_&lt;!channel&gt;”, noted by a newer version of the bot, ${AT}.`,
  );
});

test('what the thread tells otherwise has no line of its own', () => {
  for (const action of [
    'asked',
    'refused',
    'planned',
    'replayed',
    'identity_mapped',
    'identity_revoked',
  ] as const) {
    expect(said(action)).toBeUndefined();
  }
});
