// A batch as the incident of the runbook might make it, for tests to vary.

import type { Instant } from '../../../src/domain/instant.ts';
import type { Failures } from '../../../src/domain/live.ts';
import type { Actor } from '../../../src/domain/person.ts';
import type { Batch, PlanSummary } from '../../../src/domain/plan.ts';
import type { Progress } from '../../../src/domain/progress.ts';
import type { RetryRequest } from '../../../src/domain/request.ts';
import type { DryRunView } from '../../../src/slack/blocks/dry-run-view.ts';
import type { ReportView } from '../../../src/slack/blocks/report-view.ts';

export const ANA: Actor = { kind: 'slack', teamId: 'T1', userId: 'U0ANA', user: null };
export const BEN: Actor = {
  kind: 'slack',
  teamId: 'T1',
  userId: 'U0BEN',
  user: { id: 2, email: 'ben@onramp.us' },
};

export const request: RetryRequest = {
  since: '2026-05-11T12:30:00.000000Z' as Instant,
  until: null,
  vendor_ids: null,
  ramp_uuids: null,
  execution_uuids: null,
  rest_of: null,
  error_pattern: 'new_task',
  suppress_notifications: true,
  force_retry: false,
  reason: null,
  sentry_issue: null,
  dry_run: true,
};

export const summary: PlanSummary = {
  matched: 1350,
  eligible: 1204,
  skipped: 146,
  skippedByReason: {
    project_already_exists: 3,
    config_error: 24,
    error_pattern_mismatch: 110,
    ramp_archived: 9,
  },
  blastRadius: {
    top: [
      {
        vendorId: 7,
        vendorName: 'Acme',
        rampId: 41,
        rampName: 'Customer onboarding',
        count: 700,
        eligible: 640,
      },
      {
        vendorId: 12,
        vendorName: 'Globex & Sons',
        rampId: 52,
        rampName: 'Closed won',
        count: 300,
        eligible: 280,
      },
      { vendorId: 3, vendorName: 'Initech', rampId: 60, rampName: 'Renewal', count: 100, eligible: 90 },
      { vendorId: 4, vendorName: 'Hooli', rampId: 61, rampName: 'New logo', count: 40, eligible: 38 },
      { vendorId: 5, vendorName: 'Umbrella', rampId: 62, rampName: 'Pilot', count: 30, eligible: 30 },
    ],
    pairs: 9,
    vendors: 8,
  },
  errorGroups: {
    top: [
      {
        group: "UnboundLocalError: local variable '<value>' referenced before assignment (new_task)",
        count: 1190,
      },
      { group: 'KeyError: new_task', count: 14 },
    ],
    groups: 2,
  },
  customers: {
    top: [
      { vendorId: 7, name: 'Acme', count: 640 },
      { vendorId: 12, name: 'Globex & Sons', count: 280 },
      { vendorId: 3, name: 'Initech', count: 90 },
      { vendorId: 4, name: 'Hooli', count: 38 },
    ],
    all: 8,
  },
  revoked: { top: [], all: 0 },
  drifted: 14,
  notifications: { webhooks: 1100, emails: 1204, customers: 8 },
};

/** The last one failed three hours before, and what ran since succeeded. */
export const LIVE: Failures = {
  askedAt: '2026-05-11T18:00:01.000000Z' as Instant,
  dryRunAt: '2026-05-11T18:00:01.000000Z' as Instant,
  minutes: 30,
  newest: '2026-05-11T14:12:59.999999Z' as Instant,
  lately: 0,
  fresh: 0,
  lookedSince: null,
  succeeded: 38,
  moreSucceeded: false,
  ownReplays: 0,
  lastDayOnly: false,
};

/** Seven failed like this, the last one two minutes ago. */
export const NOT_LIVE: Failures = {
  ...LIVE,
  newest: '2026-05-11T17:58:01.000000Z' as Instant,
  lately: 7,
  fresh: 3,
  succeeded: 0,
};

export const batch: Batch = {
  id: '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b',
  door: 'slack',
  replayedBy: 'database',
  replayHost: null,
  status: 'waiting',
  request,
  window: {
    since: '2026-05-11T12:30:00.000000Z' as Instant,
    until: '2026-05-11T18:00:00.123456Z' as Instant,
  },
  summary,
  requestedBy: ANA,
  requestedAt: new Date('2026-05-11T18:00:01Z'),
  expiresAt: new Date('2026-05-11T18:30:01Z'),
  overdue: false,
  decidedBy: null,
  decidedAt: null,
  startedAt: null,
  endedAt: null,
  pausedBy: null,
  pausedWhy: null,
  slack: { teamId: 'T1', channelId: 'C1' },
  restTakenBy: null,
  replacedBy: null,
  fixed: 0,
  live: LIVE,
  sentry: null,
  sentryAfter: null,
  sentryDue: false,
};

/** The same batch after Ben approved it. */
export const approved: Batch = {
  ...batch,
  status: 'running',
  decidedBy: BEN,
  decidedAt: new Date('2026-05-11T18:05:00Z'),
  startedAt: new Date('2026-05-11T18:05:02Z'),
};

export const progress: Progress = {
  eligible: 1204,
  succeeded: 300,
  failed: 10,
  skippedAtTurn: { locked: 2 },
  notReached: 0,
  sent: 0,
  held: 0,
  failures: [{ group: 'IntegrationAuthError: token revoked', count: 10 }],
  perSecond: 2.5,
  ranSeconds: 118,
};

export const view: DryRunView = {
  batch,
  headline: { kind: 'waiting' },
  overlaps: [],
  brakeOn: false,
  secondPersonRequired: false,
  notes: [],
  approvers: { names: ['Ben Adler', 'Cho Park'], all: 2 },
};

const tally = { matched: 1350, succeeded: 1190, failed: 10, skipped: 148, notReached: 2 };

/** The same batch at its end: ten failed with another error than before, and two were locked. */
export const ended: ReportView = {
  batch: { ...approved, status: 'finished', endedAt: new Date('2026-05-11T18:15:02Z') },
  progress,
  verification: { own: tally, recounted: tally, disagreements: [] },
  left: {
    largest: [
      {
        customer: 'Foxglove Retail',
        rows: 10,
        held: 0,
        kind: 'error',
        error: 'IntegrationAuthError: token revoked',
        original: false,
      },
      { customer: 'Acme', rows: 2, held: 0, kind: 'locked' },
    ],
    others: 0,
  },
  missing: {
    ...{ projects: 1204, customers: 6, created: 1190, others: 2, missing: 12, missingCustomers: 2 },
    leftAlone: 34,
  },
  originals: 0,
  newFailures: { count: 0, more: false },
  retryOver: false,
  brakeOn: false,
  owes: false,
  approverLostRole: false,
  notifications: { kind: 'suppressed' },
};

export function withSummary(change: Partial<PlanSummary>, from: Batch = batch): Batch {
  return { ...from, summary: { ...from.summary, ...change } };
}

export function withRequest(change: Partial<RetryRequest>, from: Batch = batch): Batch {
  return { ...from, request: { ...from.request, ...change } };
}
