// Whatever the database holds, Slack must take the message: every builder on random batches with any strings.
import fc from 'fast-check';
import { AUDIT_ACTIONS, recorded } from '../../../src/domain/audit.ts';
import { BATCH_STATUSES } from '../../../src/domain/batch.ts';
import { type Instant, instantOf } from '../../../src/domain/instant.ts';
import type { Actor } from '../../../src/domain/person.ts';
import type { Batch, PlanSummary } from '../../../src/domain/plan.ts';
import type { Progress } from '../../../src/domain/progress.ts';
import { SKIP_FILTERS, type SkipReason } from '../../../src/domain/skip-filters.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { Headline } from '../../../src/slack/blocks/dry-run-view.ts';
import { progressMessage } from '../../../src/slack/blocks/progress.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { eventMessage } from '../../../src/slack/blocks/thread-events.ts';
import { problems } from './check.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(
      '&',
      '<',
      '>',
      '`',
      '"',
      '\\',
      '\ud83d',
      '\u202e',
      '<@U1>',
      '<!here>',
      '😀',
      '*',
      '\n',
    ),
    maxLength: 600,
  }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 300 }),
);
const number = fc.oneof(fc.nat(30), fc.nat(2_000_000), fc.constant(Number.MAX_SAFE_INTEGER));
const date = fc.date({ min: new Date('1960-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const instant: fc.Arbitrary<Instant> = date.map((at) => instantOf(at.getTime()));
const flag = fc.boolean();
const user = fc.record({ id: number, email: text });
const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.record({
    kind: fc.constant('slack' as const),
    teamId: text,
    userId: fc.oneof(text, fc.constant('U1')),
    user: fc.option(user),
  }),
  fc.record({ kind: fc.constant('session' as const), user, from: text }),
  fc.record({ kind: fc.constant('api_key' as const), name: text, from: text }),
  fc.record({ kind: fc.constant('system' as const), name: text }),
);
const byReason = fc.dictionary(
  fc.constantFrom(...SKIP_FILTERS.map(({ reason }) => reason)),
  number,
) as fc.Arbitrary<Partial<Record<SkipReason, number>>>;
const groups = fc.array(fc.record({ group: text, count: number }), { maxLength: 30 });
const uuids = fc.option(fc.array(fc.uuid(), { minLength: 1, maxLength: 40 }));

const summary: fc.Arbitrary<PlanSummary> = fc.record({
  matched: number,
  eligible: number,
  skipped: number,
  skippedByReason: byReason,
  blastRadius: fc.record({
    top: fc.array(
      fc.record({ vendorId: number, vendorName: text, rampId: number, rampName: text, count: number }),
      { maxLength: 5 },
    ),
    pairs: number,
    vendors: number,
  }),
  errorGroups: fc.record({ top: groups, groups: number }),
  drifted: number,
  notifications: fc.record({ webhooks: number, emails: number, customers: number }),
});

const batch: fc.Arbitrary<Batch> = fc.record({
  id: fc.uuid(),
  door: fc.constantFrom('slack' as const, 'http' as const),
  replayedBy: fc.constantFrom('database' as const, 'endpoint' as const),
  replayHost: fc.option(text),
  status: fc.constantFrom(...BATCH_STATUSES),
  request: fc.record({
    since: fc.option(instant),
    until: fc.option(instant),
    vendor_ids: fc.option(fc.array(number, { minLength: 1, maxLength: 40 })),
    ramp_uuids: uuids,
    execution_uuids: uuids,
    rest_of: fc.option(fc.uuid()),
    error_pattern: fc.option(text),
    suppress_notifications: flag,
    force_retry: flag,
    reason: fc.option(text),
    dry_run: flag,
  }),
  window: fc.option(fc.record({ since: instant, until: instant })),
  summary,
  requestedBy: actor,
  requestedAt: date,
  expiresAt: fc.option(date),
  overdue: flag,
  decidedBy: fc.option(actor),
  decidedAt: fc.option(date),
  startedAt: fc.option(date),
  endedAt: fc.option(date),
  pausedBy: fc.option(actor),
  pausedWhy: fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
  slack: fc.constant(null),
  restTakenBy: fc.option(fc.uuid()),
});

const progress: fc.Arbitrary<Progress> = fc.record({
  eligible: number,
  succeeded: number,
  failed: number,
  skippedAtTurn: byReason,
  notReached: number,
  sent: number,
  held: number,
  failures: groups,
  perSecond: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
});

const tally = fc.record({
  matched: number,
  succeeded: number,
  failed: number,
  skipped: number,
  notReached: number,
});
const verification = fc.record({
  own: tally,
  recounted: tally,
  disagreements: fc.array(text, { maxLength: 30 }),
});

const headline: fc.Arbitrary<Headline> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('previewed' as const, 'waiting' as const, 'cancelled' as const, 'expired' as const),
  }),
  fc.record({ kind: fc.constantFrom('approved' as const, 'running' as const, 'paused' as const), progress }),
  fc.record({ kind: fc.constant('stopping' as const), progress }),
  fc.record({ kind: fc.constant('finished' as const), tally, verification: fc.option(verification) }),
  fc.record({
    kind: fc.constant('stopped' as const),
    tally,
    verification: fc.option(verification),
  }),
);

const RUNS = { numRuns: 300 };

test('Slack takes every dry-run message', () => {
  const view = fc.record({
    batch,
    headline,
    vendors: fc.array(fc.record({ id: number, name: text }), { maxLength: 10 }),
    overlaps: fc.array(
      fc.record({ shortId: text, status: fc.constantFrom(...BATCH_STATUSES), rows: number }),
      { maxLength: 20 },
    ),
    brakeOn: flag,
    secondPersonRequired: flag,
    notes: fc.array(text, { maxLength: 10 }),
    newerMatches: number,
  });
  fc.assert(
    fc.property(view, (any) => expect(problems(dryRunMessage(any))).toEqual([])),
    RUNS,
  );
});

test('Slack takes every progress message', () => {
  fc.assert(
    fc.property(batch, progress, date, (anyBatch, anyProgress, now) => {
      expect(problems(progressMessage(anyBatch, anyProgress, now))).toEqual([]);
    }),
    RUNS,
  );
});

test('Slack takes every report', () => {
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
    held: number,
    approverLostRole: fc.boolean(),
  });
  fc.assert(
    fc.property(view, (any) => expect(problems(reportMessage(any))).toEqual([])),
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
    because: text,
    putOff: number,
    notReached: number,
    status: fc.constantFrom('finished', 'stopped'),
    own: tally,
    recounted: tally,
    disagreements: fc.array(text),
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
