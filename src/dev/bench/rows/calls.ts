// The runbook by hand: a small and a large backlog, worked off over HTTP by calls of 25. A call costs its rows and one
// classification, however many rows are left.
import { type CallCost, costsOfBacklog } from '../call-costs.ts';
import {
  type Comparison,
  compare,
  type Figure,
  figure,
  type Goal,
  type Publish,
  type RowResult,
} from '../measure.ts';
import { OWN, type Release } from '../release.ts';
import type { Stage } from '../stage.ts';

/** Once: a backlog is many calls. */
const REPEATS = 1;
const SMALL = 200;
const LARGE = 2000;
const SAME_BYTES = { most: 1.1 } as const;
const OF_CLASSIFICATION = { most: 1.3 } as const;
const KB = 1000;

type Backlog = {
  readonly label: string;
  readonly release: Release;
  readonly eligible: number;
  /** The calls of each time that it was worked off. */
  readonly costs: CallCost[][];
};

/** The small one by another revision, too, where there is one. */
export async function callsRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const backlogs = backlogsOf(stage);
  const repeats = stage.options.repeats ?? REPEATS;
  await stage.room(backlogs.reduce((sum, { eligible }) => sum + eligible, 0) * repeats);
  for (let n = 0; n < repeats; n += 1) {
    for (const { release, eligible, costs } of backlogs)
      costs.push(await costsOfBacklog(stage, release, eligible));
    publish(resultOf(backlogs));
  }
  return resultOf(backlogs);
}

function backlogsOf({ sized, against }: Stage): Backlog[] {
  const own = [SMALL, LARGE].map(sized).map((eligible) => ({
    label: `${eligible.toLocaleString('en')} done`,
    release: OWN,
    ...{ eligible, costs: [] },
  }));
  if (against === null) return own;
  return [...own, { label: against.label, release: against, eligible: sized(SMALL), costs: [] }];
}

function resultOf([small, large, other]: readonly Backlog[]): RowResult {
  if (small === undefined || large === undefined) throw new RangeError('nothing was measured');
  const of = (what: string, value: (call: CallCost) => number, unit: string, goal: Goal | null) => {
    const name = `a call of 25: ${what}`;
    const [few, many] = [meanOf(small, value, unit), meanOf(large, value, unit)];
    const sizes = compare(name, many, few, goal);
    if (other === undefined) return [sizes];
    return [sizes, compare(`${name}, beside ${other.label}`, few, meanOf(other, value, unit), null)];
  };
  return {
    name: 'calls',
    comparisons: [
      ...of('bytes of WAL', ({ bytes }) => bytes / KB, 'kB', SAME_BYTES),
      ...of('those but for whole pages', (call) => (call.bytes - call.wholePages) / KB, 'kB', SAME_BYTES),
      ...of('rows of its plan', ({ planRows }) => planRows, 'rows', null),
      ...of('its time', ({ milliseconds }) => milliseconds, 'ms', null),
      ...[small, large].map(besideClassification),
    ],
    notes: [
      'no row of the windows is skipped: each that is would be listed and stored by every call, up to 1,000',
      'whole pages: Postgres logs a page as a whole when it changes for the first time since a checkpoint',
    ],
    plans: [],
    wrong: [],
  };
}

/** Of all calls of a backlog, so that what only some of them do counts, too. */
function meanOf({ label, costs }: Backlog, value: (call: CallCost) => number, unit: string): Figure {
  const means = costs.map((calls) => calls.reduce((sum, call) => sum + value(call), 0) / calls.length);
  return figure(label, unit, means);
}

/** At the same moments: a window's classification takes less with every call. */
function besideClassification({ label, costs }: Backlog): Comparison {
  const moments = costs.flat().filter(({ classification }) => classification !== null);
  const rest = moments.map(({ besideReplays }) => besideReplays);
  const bare = moments.map(({ classification }) => classification ?? 0);
  return compare(
    `a call of 25 without its replays, ${label}`,
    figure('bot', 'ms', rest),
    figure('classification', 'ms', bare),
    OF_CLASSIFICATION,
  );
}
