import { AUDIT_ACTIONS, type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import { eventMessage, type Known } from '../../../src/slack/blocks/thread-events.ts';
import { problems, words } from './check.ts';
import { ANA, approved, BEN } from './sample.ts';

const AT = '<!date^1778522700^{time_secs}|18:05:00 UTC>';
const DAY_AND_TIME = '<!date^1778522700^{time} {date_short_pretty}|2026-05-11 18:05 UTC>';
/** When the run was taken up, as the batch has it. */
const STARTED = '<!date^1778522702^{time_secs}|18:05:02 UTC>';

function event(action: string, evidence: Record<string, unknown> = {}, actor = BEN): RecordedEvent {
  const at = new Date('2026-05-11T18:05:00Z');
  return recorded({ id: 1, at, batchId: approved.id, action, actor, evidence });
}

function said(action: string, evidence?: Record<string, unknown>, actor = BEN): string | undefined {
  return eventMessage(event(action, evidence, actor), approved)?.text;
}

test('the edges of a batch say who did what, when', () => {
  expect(said('approved')).toBe(`✅ Approved by <@U0BEN>, ${AT}.`);
  expect(said('cancelled')).toBe(`🚫 Cancelled by <@U0BEN>, ${AT}. Nothing was replayed.`);
  expect(said('expired')).toContain('Expired');
  expect(said('started')).toBe(`▶️ Started, ${STARTED}, approved by <@U0BEN>.`);
  expect(said('continued')).toContain('No execution is replayed twice');
  expect(said('paused', { rule: 'breaker', why: '3 failures in a row' })).toContain(
    'Why: “3 failures in a row”',
  );
  expect(said('resumed')).toContain('Resumed by <@U0BEN>');
  expect(said('stopped')).toContain('stays in ERROR');
});

test('another batch that is named is a link to its message, and not where it is read aloud', () => {
  const other = 'aabbccdd-5b7d-4e8f-9a0b-1c2d3e4f5a6b';
  const links = new Map([[other, 'https://onramp.slack.com/archives/C0123/p1']]);
  for (const one of [event('cancelled', { replaced_by: other }), event('rest_taken', { batch_id: other })]) {
    const message = eventMessage(one, approved, { names: [], held: [], links });
    if (message === null) throw new Error('it has a message');
    expect(problems(message)).toEqual([]);
    expect(words(message)).toContain('batch <https://onramp.slack.com/archives/C0123/p1|aabbccdd>');
    expect(message.text).toContain('batch “aabbccdd”');
  }
});

test('a refused approval says who tried and why it was refused', () => {
  expect(said('approval_refused', { because: 'no_role', attempted: 'approval_refused' }, ANA)).toBe(
    `⛔ Approval refused: <@U0ANA>, ${DAY_AND_TIME}, their OnRamp user lacks the role. Nothing was changed.`,
  );
  expect(said('approval_refused', { because: 'constructor' }, ANA)).toBe(
    `⛔ Approval refused: <@U0ANA>, ${DAY_AND_TIME}. Nothing was changed.`,
  );
});

test('a refused click of any kind leaves a line, with what was tried', () => {
  expect(said('refused', { because: 'not_mapped', attempted: 'resume' }, ANA)).toBe(
    `⛔ Resume refused: <@U0ANA>, ${DAY_AND_TIME}, not mapped to an OnRamp user. Nothing was changed.`,
  );
  for (const attempted of ['cancel', 'change', 'pause', 'stop', 'continue', 'retry_held'])
    expect(said('refused', { because: 'no_role', attempted }, ANA)).toMatch(
      /^⛔ [A-Z][a-z ]+ refused: <@U0ANA>/,
    );
});

test('an approval is told at the second that every other message tells', () => {
  const late = { ...event('approved'), at: new Date('2026-05-11T18:05:01Z') };
  expect(eventMessage(late, approved)?.text).toContain(AT);
});

test('a day later the day is told, too, to the second as every edge', () => {
  const requestedAt = new Date('2026-05-10T18:00:00Z');
  expect(eventMessage(event('resumed'), { ...approved, requestedAt })?.text).toContain(
    '<!date^1778522700^{time_secs} {date_short_pretty}|2026-05-11 18:05:00 UTC>',
  );
});

test('a chunk says what there is to say, and each new error once', () => {
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
    '⚠️ Chunk 3 of 49: 23 succeeded, 2 failed, 1 locked (tried again at the end)\n' +
      '- New error, 2 times: “KeyError: &lt;value&gt; ˋxˋ”',
  );
  expect(said('chunk', { ...evidence, from: 1, chunk: 10, failed: 0, putOff: 0, newFailures: [] })).toBe(
    'Chunks 1–10 of 49: 23 succeeded',
  );
});

describe('a hold says what was seen', () => {
  const canary = {
    rule: 'canary',
    vendor_id: 7,
    error_group: 'A',
    rows: 19,
    error: 'IntegrationAuthError: revoked',
  };
  const names = [{ id: 7, name: 'Foxglove Retail' }];
  const line = (evidence: object, held: Known['held'] = []) =>
    eventMessage(event('held', { ...evidence }), approved, { names, held })?.text;

  test('the original error that came back says that the fix does not look live', () => {
    expect(line({ ...canary, original: true })).toBe(
      '✋ 19 executions held of “Foxglove Retail”: the original error came back. The fix does not look live.',
    );
    const breaker = { rule: 'breaker', vendor_id: 7, in_a_row: 3, rows: 1, error: 'E', original: true };
    expect(line(breaker)).toBe(
      '✋ 1 execution held of “Foxglove Retail”: the original error came back, 3 times in a row. The fix does not look live.',
    );
  });

  test('another error says nothing about the fix, and so is told', () => {
    expect(line({ ...canary, original: false })).toBe(
      '✋ 19 executions held of “Foxglove Retail”: another error came, “IntegrationAuthError: revoked”, which says nothing about the fix.',
    );
  });

  test('what was seen is told once, and then only how many more', () => {
    const told = [{ vendorId: 7, error: canary.error }];
    expect(line({ ...canary, original: false }, told)).toBe(
      '✋ 19 more executions held of “Foxglove Retail”, for the same.',
    );
    expect(line({ ...canary, vendor_id: 8, original: false }, told)).toContain(canary.error);
    expect(line({ ...canary, error: 'E', original: true }, told)).toContain('The fix does not look live');
    const newFailures = [
      { group: canary.error, count: 2, example: 'x' },
      { group: 'KeyError: x', count: 1, example: 'x' },
    ];
    const chunk = event('chunk', { chunk: 1, chunks: 2, succeeded: 0, failed: 3, skipped: 0, newFailures });
    const said = eventMessage(chunk, approved, { names, held: told })?.text ?? '';
    expect(said).toContain('KeyError: x');
    expect(said).not.toContain(canary.error);
  });

  test('what an earlier release wrote, which did not compare, is told without a verdict', () => {
    expect(line(canary)).toBe('✋ 19 executions held of “Foxglove Retail”: “IntegrationAuthError: revoked”.');
    expect(said('held', canary)).toContain('of vendor 7');
  });
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
  expect(words(message)).toMatch(/\d+ more new errors/);
});

test('the end repeats the closing equation where the evidence has it', () => {
  const tally = { matched: 3, succeeded: 1, failed: 1, skipped: 1, notReached: 0 };
  expect(said('finished', { status: 'finished', own: tally, recounted: tally, disagreements: [] })).toContain(
    '3 = 1 succeeded + 1 failed + 1 skipped + 0 not reached',
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
  expect(said('chunk', { chunk: 'three' })).toBe('A chunk is done.');
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
