// A batch as the incident of the runbook might make it, for tests to vary.

import type { Instant } from '../../../src/domain/instant.ts';
import type { Actor } from '../../../src/domain/person.ts';
import type { Batch, PlanSummary } from '../../../src/domain/plan.ts';
import type { Progress } from '../../../src/domain/progress.ts';
import type { RetryRequest } from '../../../src/domain/request.ts';
import type { DryRunView } from '../../../src/slack/blocks/dry-run-view.ts';

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
      { vendorId: 7, vendorName: 'Acme', rampId: 41, rampName: 'Customer onboarding', count: 700 },
      { vendorId: 12, vendorName: 'Globex & Sons', rampId: 52, rampName: 'Closed won', count: 300 },
      { vendorId: 3, vendorName: 'Initech', rampId: 60, rampName: 'Renewal', count: 100 },
      { vendorId: 4, vendorName: 'Hooli', rampId: 61, rampName: 'New logo', count: 40 },
      { vendorId: 5, vendorName: 'Umbrella', rampId: 62, rampName: 'Pilot', count: 30 },
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
  drifted: 14,
  notifications: { webhooks: 1100, emails: 1204, customers: 8 },
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
};

export const view: DryRunView = {
  batch,
  headline: { kind: 'waiting' },
  overlaps: [],
  brakeOn: false,
  secondPersonRequired: false,
  notes: [],
};

export function withSummary(change: Partial<PlanSummary>, from: Batch = batch): Batch {
  return { ...from, summary: { ...from.summary, ...change } };
}

export function withRequest(change: Partial<RetryRequest>, from: Batch = batch): Batch {
  return { ...from, request: { ...from.request, ...change } };
}
