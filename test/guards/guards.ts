// Every guard that keeps a customer from harm, and the test that goes red without it.
import type { Guard } from './guard.ts';
import { OF_CUSTOMERS } from './of-customers.ts';
import { OF_DRY_RUN } from './of-dry-run.ts';
import { OF_ENDPOINT } from './of-endpoint.ts';
import { OF_LIVE } from './of-live.ts';
import { OF_OUTSIDE } from './of-outside.ts';
import { OF_OWED } from './of-owed.ts';
import { OF_PAGES } from './of-pages.ts';
import { OF_PEOPLE } from './of-people.ts';
import { OF_REPLAYS } from './of-replays.ts';
import { OF_REPORTS } from './of-reports.ts';
import { OF_RUNS } from './of-runs.ts';
import { OF_SECURITY } from './of-security.ts';
import { OF_SENTRY } from './of-sentry.ts';
import { OF_SIGN_IN } from './of-sign-in.ts';
import { OF_SLACK } from './of-slack.ts';

export const GUARDS: readonly Guard[] = [
  ...OF_REPLAYS,
  ...OF_REPORTS,
  ...OF_RUNS,
  ...OF_SLACK,
  ...OF_PEOPLE,
  ...OF_PAGES,
  ...OF_DRY_RUN,
  ...OF_LIVE,
  ...OF_SENTRY,
  ...OF_CUSTOMERS,
  ...OF_SECURITY,
  ...OF_SIGN_IN,
  ...OF_OUTSIDE,
  ...OF_OWED,
  ...OF_ENDPOINT,
];
