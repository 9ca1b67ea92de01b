// Whatever data there may be, for the properties of messages and views.
import fc from 'fast-check';
import { BATCH_STATUSES } from '../../../src/domain/batch.ts';
import { type Instant, instantOf } from '../../../src/domain/instant.ts';
import type { Failures } from '../../../src/domain/live.ts';
import type { Actor } from '../../../src/domain/person.ts';
import type { Batch, PlanSummary } from '../../../src/domain/plan.ts';
import type { Progress } from '../../../src/domain/progress.ts';
import type { SentryAnswer } from '../../../src/domain/sentry.ts';
import { SKIP_FILTERS, type SkipReason } from '../../../src/domain/skip-filters.ts';
import type { Headline } from '../../../src/slack/blocks/dry-run-view.ts';

export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
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
      'password=x ',
      '\n',
    ),
    maxLength: 600,
  }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 300 }),
);
export const number = fc.oneof(fc.nat(30), fc.nat(2_000_000), fc.constant(Number.MAX_SAFE_INTEGER));
export const date = fc.date({
  min: new Date('1960-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});
export const instant: fc.Arbitrary<Instant> = date.map((at) => instantOf(at.getTime()));
export const flag = fc.boolean();
export const user = fc.record({ id: number, email: text });
export const actor: fc.Arbitrary<Actor> = fc.oneof(
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
export const byReason = fc.dictionary(
  fc.constantFrom(...SKIP_FILTERS.map(({ reason }) => reason)),
  number,
) as fc.Arbitrary<Partial<Record<SkipReason, number>>>;
export const groups = fc.array(fc.record({ group: text, count: number }), { maxLength: 30 });
export const uuids = fc.option(fc.array(fc.uuid(), { minLength: 1, maxLength: 40 }));

export const customers = fc.record({
  top: fc.array(fc.record({ vendorId: number, name: text, count: number }), { maxLength: 4 }),
  all: number,
});

export const summary: fc.Arbitrary<PlanSummary> = fc.record({
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
  customers,
  revoked: fc.oneof(
    customers,
    fc.record({
      top: fc.array(fc.record({ vendorId: number, name: text, provider: text, count: number }), {
        maxLength: 4,
      }),
      all: number,
      tokens: number,
      rows: number,
    }),
  ),
  drifted: number,
  notifications: fc.record({ webhooks: number, emails: number, customers: number }),
});

export const failures: fc.Arbitrary<Failures> = fc.record({
  askedAt: instant,
  dryRunAt: instant,
  minutes: fc.integer({ min: 1, max: 1440 }),
  newest: fc.option(instant),
  lately: number,
  fresh: number,
  lookedSince: fc.option(instant),
  succeeded: number,
  moreSucceeded: flag,
  ownReplays: number,
  lastDayOnly: flag,
});

const isoDate = date.map((at) => at.toISOString());

export const sentryAnswer: fc.Arbitrary<SentryAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('told' as const),
    shortId: fc.stringMatching(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,6}$/),
    url: fc.constant('https://sentry.io/organizations/acme/issues/4711/'),
    named: flag,
    lastEventAt: fc.option(isoDate),
    since: isoDate,
    events: fc.nat(100),
    more: flag,
    others: number,
    askedAt: isoDate,
  }),
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('not_asked' as const), why: text }),
);

export const batch: fc.Arbitrary<Batch> = fc.record({
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
    sentry_issue: fc.option(text),
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
  replacedBy: fc.option(fc.uuid()),
  fixed: number,
  live: fc.option(failures),
  sentry: fc.option(sentryAnswer),
  sentryAfter: fc.option(sentryAnswer),
  sentryDue: flag,
});

export const progress: fc.Arbitrary<Progress> = fc.record({
  eligible: number,
  succeeded: number,
  failed: number,
  skippedAtTurn: byReason,
  notReached: number,
  sent: number,
  held: number,
  failures: groups,
  perSecond: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  ranSeconds: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
});

export const tally = fc.record({
  matched: number,
  succeeded: number,
  failed: number,
  skipped: number,
  notReached: number,
});
export const verification = fc.record({
  own: tally,
  recounted: tally,
  disagreements: fc.array(text, { maxLength: 30 }),
});

export const headline: fc.Arbitrary<Headline> = fc.oneof(
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

export const RUNS = { numRuns: 300 };

export const notes = fc.array(
  fc.oneof(
    text,
    text.map((said) => `⚠️ ${said}`),
  ),
  { maxLength: 10 },
);
