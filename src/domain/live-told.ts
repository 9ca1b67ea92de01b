// The verdict on a fix with its numbers as plain JSON: the evidence of an approval, and `live` over HTTP.
import { z } from 'zod';
import { formatInstant } from './instant.ts';
import { AGAINST, againstOf, type Live, verdictOf } from './live.ts';
import type { SentryAnswer } from './sentry.ts';

const whole = z.number().int().nonnegative();

const SENTRY_TOLD = z.discriminatedUnion('asked', [
  z.object({
    asked: z.literal(true),
    issue: z.string(),
    /** Whether somebody named it: only then it can say that the fix is not live. */
    named: z.boolean(),
    last_event: z.string().nullable(),
    events: whole,
    more: z.boolean(),
  }),
  z.object({ asked: z.literal(false), why: z.string() }),
]);

export const LIVE_TOLD = z.object({
  verdict: z.enum(['looks_live', 'not_proven', 'not_live']),
  /** Whose word it is that the fix is not live. Earlier releases did not say. */
  against: z.array(z.enum(AGAINST)).readonly().default([]),
  /** When an execution last failed like those of the plan. */
  newest_failure: z.string().nullable(),
  /** How many did in the last `minutes`. */
  failures: whole,
  minutes: whole,
  /** Executions of the same workflows that succeeded since the newest failure. */
  succeeded_since: whole,
  /** Our own replays that failed like that in the last `minutes`. */
  failed_replays: whole,
  /** Re-runs of executions that are older than a day don't count, for want of an index. */
  last_day_only: z.boolean(),
  sentry: SENTRY_TOLD.nullable(),
});

export type LiveTold = z.output<typeof LIVE_TOLD>;

/** What is told of `live`. */
export function toldOf(live: Live): LiveTold {
  const { failures, sentry } = live;
  return {
    verdict: verdictOf(live),
    against: againstOf(live),
    newest_failure: failures.newest === null ? null : formatInstant(failures.newest),
    failures: failures.lately,
    minutes: failures.minutes,
    succeeded_since: failures.succeeded,
    failed_replays: failures.ownReplays,
    last_day_only: failures.lastDayOnly,
    sentry: sentry === null ? null : sentryTold(sentry),
  };
}

function sentryTold(sentry: SentryAnswer): z.output<typeof SENTRY_TOLD> {
  switch (sentry.kind) {
    case 'told': {
      const { shortId: issue, named, lastEventAt: last_event, events, more } = sentry;
      return { asked: true, issue, named, last_event, events, more };
    }
    case 'none':
      return { asked: false, why: 'no issue fits' };
    case 'not_asked':
      return { asked: false, why: sentry.why };
  }
}
