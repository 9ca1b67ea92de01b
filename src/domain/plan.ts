// A dry run's result as data: the counts that decide, and the rows behind them. The rows themselves stay in
// the database; this is what a message, an answer or a report says about them.

import type { BatchStatus } from './batch.ts';
import type { Instant } from './instant.ts';
import type { Failures, Live } from './live.ts';
import type { Actor } from './person.ts';
import type { RetryRequest } from './request.ts';
import type { SentryAnswer } from './sentry.ts';
import type { SkipReason } from './skip-filters.ts';

export type Door = 'slack' | 'http';

/** Where a Slack batch can be read: the channel it was asked in and, once posted, its message. */
export type SlackPlace = { readonly teamId: string; readonly channelId: string };

export type BlastRadius = {
  readonly vendorId: number;
  readonly vendorName: string;
  readonly rampId: number;
  readonly rampName: string;
  /** Matched executions. */
  readonly count: number;
  /** Those of them that are eligible; an earlier release did not count them. */
  readonly eligible?: number;
};

/** A customer, and how many executions of theirs are meant. */
export type CustomerCount = { readonly vendorId: number; readonly name: string; readonly count: number };

/** The largest customers, and how many there are in all. */
export type Customers = { readonly top: readonly CustomerCount[]; readonly all: number };

/** Eligible executions whose integration's token was revoked, by customer and what it is a token of. */
export type Revoked = {
  /** The largest; an earlier release counted by customer alone. */
  readonly top: readonly (CustomerCount & { readonly provider?: string })[];
  /** How many customers. */
  readonly all: number;
  /** How many of such entries there are, and of executions; an earlier release did not count them. */
  readonly tokens?: number;
  readonly rows?: number;
};

/** Eligible executions that failed alike: error type, and the message with its variable parts replaced. */
export type ErrorGroup = { readonly group: string; readonly count: number };

export type PlanSummary = {
  readonly matched: number;
  readonly eligible: number;
  readonly skipped: number;
  readonly skippedByReason: Partial<Record<SkipReason, number>>;
  /** The largest five, and how many vendor and ramp pairs there are in all. */
  readonly blastRadius: {
    readonly top: readonly BlastRadius[];
    readonly pairs: number;
    readonly vendors: number;
  };
  /** The largest five among the eligible, and how many groups there are in all. */
  readonly errorGroups: { readonly top: readonly ErrorGroup[]; readonly groups: number };
  /** For whom: eligible executions by customer. An earlier release did not count them, nor what is revoked. */
  readonly customers?: Customers;
  /** Their replays will fail. They stay eligible: filter 8 reads `user_configured` alone. */
  readonly revoked?: Revoked;
  /** Eligible executions whose own workflow version is no longer the current one. */
  readonly drifted: number;
  /** What approval sends if notifications are not suppressed and every replay succeeds. */
  readonly notifications: { readonly webhooks: number; readonly emails: number; readonly customers: number };
  /** Where a read replica classified the executions: how far it was behind the primary when it was asked. */
  readonly replica?: { readonly behindMs: number };
};

/**
 * For whom: the customers with the most eligible executions, and how many have any. Of a plan of an earlier release, which did
 * not count them, as far as its largest vendor and workflow pairs tell.
 */
export function customersOf({
  customers,
  blastRadius,
}: Pick<PlanSummary, 'customers' | 'blastRadius'>): Customers {
  if (customers !== undefined) return customers;
  const byVendor = new Map<number, CustomerCount>();
  for (const { vendorId, vendorName: name, count, eligible = count } of blastRadius.top) {
    const before = byVendor.get(vendorId)?.count ?? 0;
    byVendor.set(vendorId, { vendorId, name, count: before + eligible });
  }
  const top = [...byVendor.values()].filter(({ count }) => count > 0);
  top.sort((one, other) => other.count - one.count);
  return { top, all: Math.max(blastRadius.vendors, top.length) };
}

/** Who makes the replays: the bot itself in the database, or an endpoint of the application's. */
export type ReplayedBy = 'database' | 'endpoint';

export type Batch = {
  readonly id: string;
  readonly door: Door;
  /** As it was planned; only processes of that kind work on it. */
  readonly replayedBy: ReplayedBy;
  /** Whose endpoint it is: `app.example.com`; null where the bot makes the replays. */
  readonly replayHost: string | null;
  readonly status: BatchStatus;
  readonly request: RetryRequest;
  /** Null for hand-picked executions. */
  readonly window: { readonly since: Instant; readonly until: Instant } | null;
  readonly summary: PlanSummary;
  readonly requestedBy: Actor;
  readonly requestedAt: Date;
  /** Until when it can be approved; null over HTTP. */
  readonly expiresAt: Date | null;
  /** Its time has come by the database's clock, whether or not that is written down yet. */
  readonly overdue: boolean;
  readonly decidedBy: Actor | null;
  readonly decidedAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Who paused or stopped it; null while nobody does. */
  readonly pausedBy: Actor | null;
  /** Why the run holds itself, as a sentence; null where a person decided. */
  readonly pausedWhy: string | null;
  readonly slack: SlackPlace | null;
  /** The batch that was approved to replay what this one left; null while there is none. */
  readonly restTakenBy: string | null;
  /** The dry run that was asked for in this one's place, once it was cancelled for that; null otherwise. */
  readonly replacedBy: string | null;
  /** Eligible executions that were fixed by somebody else while it waited, when they were last counted. */
  readonly fixed: number;
  /** Whether the fix looked live when that was asked last; null where it was not, as of a call that replays. */
  readonly live: Failures | null;
  /** What Sentry said last of its issue; null where it was not asked. */
  readonly sentry: SentryAnswer | null;
  /** After the run: what happened since it began. */
  readonly sentryAfter: SentryAnswer | null;
  /** Sentry is to be asked, or just being asked. */
  readonly sentryDue: boolean;
};

/** What an approval is decided on, as far as it was asked last; null where it was not. */
export function liveOf({ live, sentry }: Pick<Batch, 'live' | 'sentry'>): Live | null {
  return live === null ? null : { failures: live, sentry };
}

/** How many executions an approval would replay now. The plan stays as it is. */
export function stillToReplay({ summary, fixed }: Pick<Batch, 'summary' | 'fixed'>): number {
  return Math.max(0, summary.eligible - fixed);
}

/** Which execution a row of a list is about, and whose it is. */
export type ExecutionRow = {
  readonly executionUuid: string;
  readonly vendorId: number;
  readonly vendorName: string;
  readonly rampUuid: string;
  readonly rampName: string;
  readonly createdAt: Instant;
};

export type EligibleRow = ExecutionRow & {
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly workflowVersion: number;
  readonly drift: boolean;
  /** The token of its workflow's integration was revoked: its replay will fail. */
  readonly tokenRevoked: boolean;
};

export type SkippedRow = ExecutionRow & {
  readonly reason: SkipReason;
  readonly detail: string;
};

/** One row of the complete results: an eligible execution and what became of it. */
export type ResultRow = ExecutionRow & {
  readonly outcome: 'success' | 'error' | 'skipped' | 'not_reached';
  readonly projectUuid: string | null;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** A SkipReason, or one of the endpoint's own. */
  readonly reason: string | null;
  readonly detail: string | null;
};
