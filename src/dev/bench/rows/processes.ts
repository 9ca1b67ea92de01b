// One run, worked on by one, two and four bots.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Load, loadText, underLoad } from '../load.ts';
import { compare, interleave, type RowResult } from '../measure.ts';
import { leftBehind, MOST_CANARIES, rateOf } from '../rates.ts';
import { approve, ask, ended } from '../slack-runs.ts';
import type { Stage } from '../stage.ts';

const REPEATS = 3;
const COUNTS = [1, 2, 4] as const;
const ELIGIBLE = 2000;
/** Every process has found the run by then, and waits behind the brake with the others. */
const GATHER_MS = 3000;
/** The brake is looked at twice a second. */
const SKIP_SECONDS = 0.6;

/** Replays a second of each number of processes; one is the peer of the others. */
export async function processesRow(stage: Stage): Promise<RowResult> {
  const wrong: string[] = [];
  const loads = new Map<number, Load>();
  const subjects = COUNTS.map((count) => ({
    label: count === 1 ? 'one' : String(count),
    unit: '/s',
    run: async () => {
      const { rate, load, left } = await runOf(stage, count);
      loads.set(count, load);
      wrong.push(...left);
      return rate;
    },
  }));
  const [one, ...more] = await interleave(subjects, stage.options.repeats ?? REPEATS, false);
  return {
    name: 'processes',
    comparisons: more.map((figure) =>
      compare(`replays a second, ${figure.label} processes`, figure, one, null),
    ),
    notes: COUNTS.map((count) => `${count}: ${loadText(loads.get(count))}`),
    plans: [],
    wrong,
  };
}

async function runOf(stage: Stage, count: number): Promise<{ rate: number; load: Load; left: string[] }> {
  const { db, postmaster } = stage;
  return stage.withBots({ count }, async (bots) => {
    const planned = await ask(stage, await stage.slices.next(stage.sized(ELIGIBLE)));
    // Held by the operator's brake until all are there: a process looks for runs to share once a second.
    await brake(stage, true);
    await approve(stage, planned);
    await sleep(GATHER_MS);
    await db.sql('checkpoint');
    const { result: run, load } = await underLoad(
      db,
      { bots: bots.map((bot) => bot.pid), postmaster },
      async () => {
        await brake(stage, false);
        return ended(stage, planned);
      },
    );
    const rate = await rateOf(db, 'retry_batch', run.batchId, {
      skipRows: MOST_CANARIES,
      skipSeconds: SKIP_SECONDS,
    });
    return { rate, load, left: await leftBehind(db, 'retry_batch', run) };
  });
}

async function brake({ db }: Stage, on: boolean): Promise<void> {
  await db.sql(`update retry_batch.brake set is_on = $1, changed_by = 'bench', changed_at = now()`, [on]);
}
