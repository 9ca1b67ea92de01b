// What keeps Sentry's answers, and whoever answers in its place, from more than they are worth.
import type { Guard } from './guard.ts';

const HOSTILE = 'test/sentry/hostile-answers.test.ts';
const IN_SLACK = 'test/slack/sentry.test.ts';

export const OF_SENTRY: readonly Guard[] = [
  {
    guard: 'no redirect takes a request of the bot elsewhere',
    patch: 'sentry-redirect.patch',
    file: HOSTILE,
    test: 'goes nowhere else, wherever redirects and links lead',
  },
  {
    guard: '… and no answer is read without end',
    patch: 'sentry-bytes.patch',
    file: HOSTILE,
    test: 'huge',
  },
  {
    guard: "an issue's address is of the Sentry that is asked",
    patch: 'sentry-elsewhere.patch',
    file: 'test/sentry/ask.test.ts',
    test: 'a name that leads elsewhere is a mistake',
  },
  {
    guard: 'an issue that was found refuses nothing',
    patch: 'sentry-found.patch',
    file: IN_SLACK,
    test: 'an issue that was found makes no danger',
  },
  {
    guard: 'Sentry is asked again at the click',
    patch: 'sentry-click.patch',
    file: IN_SLACK,
    test: 'a new event of an issue that was named does',
  },
  {
    guard: '… and what it told before stands where it tells nothing then',
    patch: 'sentry-stands.patch',
    file: IN_SLACK,
    test: 'what it said before stands',
  },
];
