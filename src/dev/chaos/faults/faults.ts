// The table of faults: each strikes once, at its moment, and says so only when its effect was seen.

import { holdRows } from '../actors/live-app.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import { cutConnections, hangConnections, hangForever } from './network.ts';
import { brakeForAWhile, killBackends, restartPostgres } from './postgres.ts';
import { deploy, freezeBot, killBot } from './processes.ts';
import { failDeliveries, failReceivers, failSlack } from './slack.ts';

export type Fault = {
  readonly name: string;
  /** How often it is drawn beside the others. */
  readonly weight: number;
  strike(stage: Stage, random: Random): Promise<void>;
};

export const FAULTS: readonly Fault[] = [
  { name: 'kill a process', weight: 3, strike: killBot },
  { name: 'freeze a process', weight: 3, strike: freezeBot },
  { name: 'rolling deploy', weight: 2, strike: deploy },
  { name: 'restart Postgres', weight: 2, strike: restartPostgres },
  { name: 'cut connections', weight: 3, strike: cutConnections },
  { name: 'hang connections', weight: 2, strike: hangConnections },
  { name: 'swallow connections', weight: 0.3, strike: hangForever },
  { name: 'kill backends', weight: 2, strike: killBackends },
  { name: 'lock rows', weight: 3, strike: holdRows },
  { name: 'brake', weight: 1, strike: brakeForAWhile },
  { name: 'Slack trouble', weight: 4, strike: failSlack },
  { name: 'delivery trouble', weight: 2, strike: failDeliveries },
  { name: 'receivers fail', weight: 2, strike: failReceivers },
];

/** Draws a fault by weight. */
export function drawFault(random: Random): Fault {
  const total = FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const fault of FAULTS) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return random.pick(FAULTS);
}
