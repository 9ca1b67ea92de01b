// What it costs to ask whether the fix is live: at most a twentieth of the dry run that it belongs to, or 50 ms. Asked as a dry run
// and as a click ask it; about errors that are many, and about one that none of the newest failures has; with the index and without.
import { openDatabase, reading, SHORT, type TransactionKind } from '../../../postgres/database.ts';
import { keptOf } from '../../../store/kin.ts';
import { askFailures, FINISHED_INDEX } from '../../../store/live.ts';
import { storeAsBot } from '../dry-runs.ts';
import { alone, type Figure, interleave, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { failures, newest } from '../windows.ts';

const REPEATS = 5;
/** Of all failures: a small dry run, as most are. */
const MATCHED_SHARE = 0.01;
const LEAST_MS = 50;
const SHARE = 0.05;
const HOUR_MS = 3_600_000;
const PLANNING = reading({ statementMs: HOUR_MS, lockMs: HOUR_MS, idleMs: HOUR_MS });

type Ask = {
  readonly label: string;
  readonly kind: TransactionKind;
  readonly groups: readonly string[] | null;
};

const ASKS: readonly Ask[] = [
  { label: 'at the dry run', kind: PLANNING, groups: null },
  { label: 'at the click', kind: SHORT, groups: null },
  { label: 'about an error that none has', kind: SHORT, groups: ['NoSuchError: <n>'] },
];

/** The question beside the dry run. */
export async function liveRow(stage: Stage): Promise<RowResult> {
  const { db, options } = stage;
  const window = await newest(db, Math.round((await failures(db)) * MATCHED_SHARE));
  const repeats = options.repeats ?? REPEATS;
  return stage.withBots({}, async ([bot]) => {
    let batchId = '';
    const plan = async () => {
      const stored = await storeAsBot(stage, bot, window);
      batchId = stored.batchId;
      return stored.milliseconds;
    };
    const [dryRun] = await interleave([{ label: 'dry run', unit: 'ms', run: plan }], repeats, true);
    if (dryRun === undefined) throw new RangeError('no dry run was measured');
    const without = await asked(stage, batchId, repeats);
    const { table, name, columns, where } = FINISHED_INDEX;
    await db.sql(`create index ${name} on ${table} (${columns.join(', ')}) where ${where}`);
    const withIt = await asked(stage, batchId, repeats);
    await db.sql(`drop index ${name}`);
    const goal = { most: Math.max(LEAST_MS, SHARE * dryRun.median) };
    const told = (how: string, figures: readonly Figure[]) =>
      figures.map((figure) => alone(`is the fix live, ${figure.label}, ${how}`, figure, goal));
    return {
      name: 'live',
      comparisons: [
        alone('the dry run that it belongs to', dryRun),
        ...told('without the index', without),
        ...told('with the index', withIt),
      ],
      notes: [],
      plans: [],
      wrong: [],
    };
  });
}

async function asked({ db: { url } }: Stage, batchId: string, repeats: number): Promise<Figure[]> {
  const db = openDatabase({ url, connections: 1, name: 'bench' });
  const kept = await db.transaction((tx) => keptOf(tx, batchId));
  if (kept === undefined) throw new Error(`batch ${batchId} is not there`);
  const subjects = ASKS.map(({ label, kind, groups }) => ({
    label,
    unit: 'ms',
    run: () =>
      db.transaction(async (tx) => {
        const began = performance.now();
        const { kin, dryRunAt } = kept;
        await askFailures(tx, { ...kin, groups: groups ?? kin.groups, dryRunAt, minutes: 30 });
        return performance.now() - began;
      }, kind),
  }));
  const figures = await interleave(subjects, repeats, true);
  await db.close();
  return figures;
}
