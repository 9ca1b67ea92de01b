// Every guard that keeps a customer from harm, and the test that goes red without it.
import type { Guard } from './guard.ts';
import { OF_ENDPOINT } from './of-endpoint.ts';
import { OF_OUTSIDE } from './of-outside.ts';
import { OF_REPLAYS } from './of-replays.ts';
import { OF_RUNS } from './of-runs.ts';
import { OF_SECURITY } from './of-security.ts';
import { OF_SLACK } from './of-slack.ts';

export const GUARDS: readonly Guard[] = [
  ...OF_REPLAYS,
  ...OF_RUNS,
  ...OF_SLACK,
  ...OF_SECURITY,
  ...OF_OUTSIDE,
  ...OF_ENDPOINT,
];
