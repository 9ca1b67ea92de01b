// Asks the Sentry of a test as the bot would.
import type { RunningSentry } from '../../src/dev/sentry/start.ts';
import { groupOfSentry, type SentryAnswer, type SentryQuestion } from '../../src/domain/sentry.ts';
import { createSentry, type SentryOptions } from '../../src/sentry/sentry.ts';

/** The group that OnRamp's database makes of the error. */
export const GROUP = groupOfSentry(
  'UnboundLocalError: cannot access local variable <value> where it is not set',
);

export const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

export function sentryOf(far: RunningSentry, options: Partial<SentryOptions> = {}) {
  const { url: origin, token, org, projects } = far;
  return createSentry({ origin, token, org, projects, environment: null, ...options });
}

/** One question, about the last half hour where nothing else is said. */
export function ask(
  far: RunningSentry,
  question: Partial<SentryQuestion>,
  options: Partial<SentryOptions> = {},
  patienceMs = 5000,
): Promise<SentryAnswer> {
  const since = minutesAgo(30).toISOString();
  return sentryOf(far, options).ask({ named: null, group: null, since, ...question }, patienceMs);
}
