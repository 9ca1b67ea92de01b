// How the emergency brake stands, and the runs that it holds, for npm run halt.
import type { Batch } from '../domain/plan.ts';
import type { Tx } from '../postgres/tx.ts';
import { counted } from '../slack/blocks/figures.ts';
import { find } from '../store/batches.ts';
import { type BrakeStanding, brakeStanding } from '../store/brake.ts';
import { shown, time } from '../views/words.ts';
import { ASKED_BY, BATCH, CUSTOMERS, ELIGIBLE, STATUS } from './batches/columns.ts';
import { table } from './table.ts';
import { columns, type Line } from './terminal.ts';

const MOST_SHOWN = 20;

/** Since when it is on or off and by whom; then the runs. */
export async function standing(tx: Tx): Promise<Line[]> {
  const brake = await brakeStanding(tx);
  return [sentence(brake), ...(await runs(tx, brake))];
}

/** The runs that it holds or, where it is off, would hold. */
export async function runsOf(tx: Tx): Promise<Line[]> {
  return runs(tx, await brakeStanding(tx));
}

function sentence({ isOn, changed }: BrakeStanding): Line {
  const since = changed === null ? '' : ` since ${time(changed.at)}`;
  const by = changed === null ? '' : ` by ${shown(changed.by, 200)}`;
  if (isOn)
    return [
      'The emergency brake is ',
      { text: 'on', style: ['bold', 'red'] },
      `${since}, pulled${by}: nothing is replayed or delivered.`,
    ];
  return changed === null
    ? 'The emergency brake is off, and nobody has pulled it yet.'
    : `The emergency brake is off${since}, released${by}.`;
}

async function runs(tx: Tx, { isOn, runs: ids }: BrakeStanding): Promise<Line[]> {
  const found: { batch: Batch }[] = [];
  for (const id of ids.slice(0, MOST_SHOWN)) {
    const batch = await find(tx, id);
    if (batch !== undefined) found.push({ batch });
  }
  const more = ids.length > MOST_SHOWN ? [`… and ${counted(ids.length - MOST_SHOWN, 'more run')}.`] : [];
  return [
    headOf(isOn, ids.length),
    ...table([BATCH, STATUS, ELIGIBLE, CUSTOMERS, ASKED_BY], found, columns()),
    ...more,
    ...(isOn ? ['npm run halt -- off releases it.'] : []),
  ];
}

function headOf(isOn: boolean, many: number): string {
  if (many === 0) return isOn ? 'It holds no run.' : 'No run is under way.';
  return isOn
    ? `It holds ${counted(many, 'run')}:`
    : `${counted(many, 'run is', 'runs are')} under way; npm run halt -- on holds ${many === 1 ? 'it' : 'them'}:`;
}
