// Whether the fix looks live: "the underlying bug is not fixed in prod yet — replay will re-fail immediately" (runbook).
// Executions that failed like those of a plan, what succeeded since, and what Sentry says of an issue that was named.
import { type Instant, minutesBefore, parseInstant } from './instant.ts';
import type { SentryAnswer } from './sentry.ts';

/** A failure of so many minutes ago says that the fix is not live; a deploy takes minutes. */
export const FRESH_MINUTES = 10;

/** How far back failures are counted of a batch that an earlier release planned (LIVE_MINUTES). */
export const DEFAULT_LIVE_MINUTES = 30;

/** What the database said, by its own clock. It is kept with the batch as JSON. */
export type Failures = {
  readonly askedAt: Instant;
  readonly dryRunAt: Instant;
  /** How far back `lately` goes (LIVE_MINUTES). */
  readonly minutes: number;
  /** When an execution last failed like this, whoever's it is; null where none of those in ERROR has. */
  readonly newest: Instant | null;
  /** Executions that failed like this in the last `minutes`. */
  readonly lately: number;
  /** The same since the dry run or in the last ten minutes, whichever is longer. */
  readonly fresh: number;
  /** There are more failures than were looked at, and those since then were; null where all of them were. */
  readonly lookedSince: Instant | null;
  /** Executions of the plan's workflows that were created since the newest failure and succeeded. */
  readonly succeeded: number;
  /** There are more successes than were looked at. */
  readonly moreSucceeded: boolean;
  /** Our own replays that failed like this in the last `minutes`. They are no new failures. */
  readonly ownReplays: number;
  /** Without an index only executions created in the last day count by when they finished. */
  readonly lastDayOnly: boolean;
};

export type Verdict = 'looks_live' | 'not_proven' | 'not_live';

/** What a decision is made on. Sentry is null where it is not configured, or was not asked. */
export type Live = { readonly failures: Failures; readonly sentry: SentryAnswer | null };

/** Whose word it is that a fix is not live: the database's, or Sentry's. */
export const AGAINST = ['failures', 'sentry'] as const;

export type Against = (typeof AGAINST)[number];

/** What speaks against the fix, at the moment that the database was asked. Sentry's word counts of an issue that somebody named. */
export function againstOf({ failures, sentry }: Live): readonly Against[] {
  const inSentry = sentry?.kind === 'told' && sentry.named ? parseInstant(sentry.lastEventAt ?? '') : null;
  const last = { failures: failures.newest, sentry: inSentry ?? null };
  return AGAINST.filter((one) => isFresh(last[one], failures));
}

/** Silence proves nothing: only what succeeded since lets a fix look live. */
export function verdictOf(live: Live): Verdict {
  if (againstOf(live).length > 0) return 'not_live';
  return live.failures.succeeded > 0 && isWhole(live.failures) ? 'looks_live' : 'not_proven';
}

/** Whether every failure was looked at that would say that the fix is not live. */
export function isWhole(failures: Failures): boolean {
  return failures.lookedSince === null || failures.lookedSince < freshSince(failures);
}

/** Since when a failure says that the fix is not live: the dry run, or ten minutes ago, the earlier one. */
function freshSince({ dryRunAt, askedAt }: Failures): Instant {
  const tenMinutesAgo = minutesBefore(askedAt, FRESH_MINUTES);
  return dryRunAt < tenMinutesAgo ? dryRunAt : tenMinutesAgo;
}

function isFresh(failed: Instant | null, failures: Failures): boolean {
  return failed !== null && failed >= freshSince(failures);
}
