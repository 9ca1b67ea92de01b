// Whatever the database holds, Slack must take the message: every builder on random batches with any strings.
import fc from 'fast-check';
import { AUDIT_ACTIONS, recorded } from '../../../src/domain/audit.ts';
import { BATCH_STATUSES } from '../../../src/domain/batch.ts';
import type { Left } from '../../../src/domain/left.ts';
import { detailsMessage } from '../../../src/slack/blocks/details.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import { progressMessage } from '../../../src/slack/blocks/progress.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { eventMessage } from '../../../src/slack/blocks/thread-events.ts';
import { wordsOf } from '../../../src/slack/blocks/word-count.ts';
import { wordCount } from '../../support/words.ts';
import {
  actor,
  batch,
  date,
  flag,
  headline,
  notes,
  number,
  progress,
  RUNS,
  tally,
  text,
  verification,
} from './arbitrary.ts';
import { allButtons, problems } from './check.ts';
import { NOT_LIVE } from './sample.ts';

const newer = fc.record({
  rows: number,
  known: fc.constantFrom('exactly' as const, 'at least' as const, 'more than' as const),
});

const view = fc.record({
  batch,
  headline,
  overlaps: fc.array(fc.record({ batchId: text, status: fc.constantFrom(...BATCH_STATUSES), rows: number }), {
    maxLength: 20,
  }),
  brakeOn: flag,
  secondPersonRequired: flag,
  notes,
  incidentUrl: fc.option(fc.constant('https://incidents.test/browse/{key}?a=1&b=2')),
  newerMatches: newer,
  approvers: fc.record({ names: fc.array(text, { maxLength: 5 }), all: number }),
});

/** Text of many words, which an ordinary one seldom is. */
const wordy = fc
  .array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 60 })
  .map((all) => all.join(' '));

test('Slack takes every dry-run message, and nobody has to read more than 120 words of it', () => {
  fc.assert(
    fc.property(view, (data) => {
      const message = dryRunMessage(data);
      expect(problems(message)).toEqual([]);
      expect(wordsOf(message)).toBeLessThanOrEqual(120);
    }),
    RUNS,
  );
});

test('where everything applies at once and every text is of many words, it is 120 at most all the same', () => {
  fc.assert(
    fc.property(view, wordy, (data, words) => {
      const top = Array.from({ length: 4 }, (_, n) => ({ vendorId: n, name: words, count: 1_000_000 }));
      const everything = dryRunMessage({
        ...data,
        headline: { kind: 'waiting' },
        brakeOn: true,
        secondPersonRequired: true,
        notes: Array.from({ length: 10 }, () => `⚠️ ${words}`),
        newerMatches: { rows: 1000, known: 'more than' },
        overlaps: Array.from({ length: 20 }, () => ({ batchId: words, status: 'running', rows: 1_000_000 })),
        approvers: { names: Array.from({ length: 5 }, () => words), all: 100 },
        batch: {
          ...data.batch,
          overdue: false,
          fixed: 1,
          live: {
            ...NOT_LIVE,
            lately: 1000,
            lookedSince: NOT_LIVE.newest,
            ownReplays: 1000,
            lastDayOnly: true,
          },
          replayHost: words,
          requestedBy: { kind: 'slack', teamId: 'T1', userId: words, user: null },
          request: {
            ...data.batch.request,
            error_pattern: words,
            reason: `ONRAMP-1 ONRAMP-2 ONRAMP-3 ${words}`,
            suppress_notifications: false,
            force_retry: true,
          },
          summary: {
            ...data.batch.summary,
            matched: 3_000_000,
            eligible: 2_000_000,
            skipped: 1_000_000,
            skippedByReason: { error_pattern_mismatch: 1000, config_error: 1000, status_not_error: 1000 },
            drifted: 1_000_000,
            customers: { top, all: 1000 },
            revoked: { top, all: 1000 },
          },
        },
      });
      expect(problems(everything)).toEqual([]);
      expect(wordsOf(everything)).toBeLessThanOrEqual(120);
      expect(allButtons(everything)).toHaveLength(4);
    }),
    RUNS,
  );
});

test('Slack takes every first reply', () => {
  const vendors = fc.array(fc.record({ id: number, name: text }), { maxLength: 10 });
  fc.assert(
    fc.property(batch, notes, vendors, (anyBatch, anyNotes, names) => {
      const message = detailsMessage({ batch: anyBatch, notes: anyNotes, vendors: names });
      expect(problems(message)).toEqual([]);
    }),
    RUNS,
  );
});

test('Slack takes every progress message', () => {
  fc.assert(
    fc.property(fc.record({ batch, progress, brakeOn: flag }), (data) => {
      expect(problems(progressMessage(data))).toEqual([]);
    }),
    RUNS,
  );
});

const left: fc.Arbitrary<Left> = fc.record({
  largest: fc.array(
    fc.oneof(
      fc.record({
        customer: text,
        rows: number,
        held: number,
        kind: fc.constant('error' as const),
        error: text,
        original: flag,
      }),
      fc.record({
        customer: text,
        rows: number,
        held: number,
        kind: fc.constant('locked' as const),
      }),
      fc.record({
        customer: text,
        rows: number,
        held: number,
        kind: fc.constant('not_reached' as const),
        why: fc.option(text),
      }),
    ),
    { maxLength: 6 },
  ),
  others: number,
});

test('Slack takes every report, and nobody has to read more than 130 words of it', () => {
  const deliveries = fc.record({ sent: number, queued: number, parked: number });
  const view = fc.record({
    batch,
    progress,
    verification,
    notifications: fc.oneof(
      fc.record({ kind: fc.constant('suppressed' as const) }),
      fc.record({ kind: fc.constant('asked' as const), suppressed: flag }),
      fc.record({ kind: fc.constant('on' as const), webhooks: deliveries, emails: deliveries }),
    ),
    left,
    missing: fc.record({
      ...{ projects: number, customers: number, created: number, others: number },
      ...{ missing: number, missingCustomers: number, leftAlone: number },
    }),
    originals: number,
    newFailures: fc.option(fc.record({ count: number, more: flag })),
    retryOver: flag,
    brakeOn: flag,
    owes: flag,
    approverLostRole: flag,
  });
  fc.assert(
    fc.property(view, (data) => {
      const report = reportMessage(data);
      expect(problems(report)).toEqual([]);
      expect(wordCount(report)).toBeLessThanOrEqual(130);
      expect(wordCount({ blocks: [{ text: report.text }] })).toBeLessThanOrEqual(130);
    }),
    RUNS,
  );
});

test('Slack takes every event of the audit trail, whatever its evidence', () => {
  const fields = {
    chunk: number,
    chunks: number,
    succeeded: number,
    failed: number,
    skipped: number,
    newFailures: fc.array(fc.record({ group: text, count: number, example: text }), { maxLength: 25 }),
    why: text,
    rule: fc.constantFrom('canary', 'breaker'),
    vendor_id: number,
    rows: number,
    error: text,
    error_group: text,
    in_a_row: number,
    original: flag,
    attempted: fc.constantFrom('approve', 'resume', 'retry_held'),
    because: text,
    putOff: number,
    notReached: number,
    status: fc.constantFrom('finished', 'stopped'),
    own: tally,
    recounted: tally,
    disagreements: fc.array(text),
    called: fc.array(text, { maxLength: 60 }),
    group: fc.option(text),
  };
  const evidence: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.record(fields, { requiredKeys: [] }),
    fc.record(fields),
  );
  const event = fc.record({
    id: number,
    at: date,
    batchId: fc.constant(null),
    action: fc.oneof(fc.constantFrom(...AUDIT_ACTIONS), text),
    actor,
    evidence,
  });
  fc.assert(
    fc.property(event, batch, (anyEvent, anyBatch) => {
      const message = eventMessage(recorded(anyEvent), anyBatch);
      if (message !== null) expect(problems(message)).toEqual([]);
    }),
    RUNS,
  );
});
