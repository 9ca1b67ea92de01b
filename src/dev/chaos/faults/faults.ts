// The table of faults: each strikes once, at its moment, and says so only when its effect was seen.

import { breakFix } from '../actors/broken-fix.ts';
import { holdRows } from '../actors/live-app.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import { deadlock, exhaustConnections, raiseErrors } from './errors.ts';
import { cutConnections, hangConnections, hangForever } from './network.ts';
import { archiveChannel, deleteFresh, deleteMessage, lockThread, removeBot } from './places.ts';
import { brakeForAWhile, killBackends, restartPostgres } from './postgres.ts';
import { deploy, freezeBot, killBot } from './processes.ts';
import { failDeliveries, failReceivers, failSlack, limitEdits, refuseUploads } from './slack.ts';

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
  { name: 'break the fix', weight: 3.5, strike: breakFix },
  { name: 'brake', weight: 1, strike: brakeForAWhile },
  { name: 'Slack trouble', weight: 4, strike: failSlack },
  { name: 'refuse uploads', weight: 2, strike: refuseUploads },
  { name: 'limit edits', weight: 2, strike: limitEdits },
  { name: 'delivery trouble', weight: 2, strike: failDeliveries },
  { name: 'receivers fail', weight: 2, strike: failReceivers },
  { name: 'archive a channel', weight: 1.5, strike: archiveChannel },
  { name: 'remove the bot', weight: 1.5, strike: removeBot },
  { name: 'lock a thread', weight: 1.5, strike: lockThread },
  { name: 'delete a message', weight: 2, strike: deleteMessage },
  { name: 'delete a fresh message', weight: 1.5, strike: deleteFresh },
  { name: 'deadlock', weight: 2.5, strike: deadlock },
  { name: 'raise errors', weight: 3, strike: raiseErrors },
  { name: 'no connection left', weight: 1.5, strike: exhaustConnections },
];

/** Draws a fault by weight. */
export function drawFault(random: Random, faults: readonly Fault[] = FAULTS): Fault {
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const fault of faults) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return random.pick(faults);
}
