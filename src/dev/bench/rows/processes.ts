// One run, worked on by one, two and four bots.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Load, loadText, underLoad } from '../load.ts';
import type { Comparison, Figure, Publish, RowResult } from '../measure.ts';
import { compare, interleave } from '../measure.ts';
import { leftBehind, MOST_CANARIES, rateOf } from '../rates.ts';
import { OWN, type Release } from '../release.ts';
import { approve, ask, ended } from '../slack-runs.ts';
import type { Stage } from '../stage.ts';

const REPEATS = 3;
const COUNTS = [1, 2, 4] as const;
const ELIGIBLE = 2000;
/** Every process has found the run by then, and waits behind the brake with the others. */
const GATHER_MS = 3000;
/** The brake is looked at twice a second. */
const SKIP_SECONDS = 0.6;

type Team = { readonly release: Release; readonly count: number; readonly label: string };

/** Replays a second of each number of processes, one of which is the peer of the others; and of another revision's. */
export async function processesRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const repeats = stage.options.repeats ?? REPEATS;
  const teams = teamsOf(stage);
  await stage.room(stage.sized(ELIGIBLE) * teams.length * repeats);
  const wrong: string[] = [];
  const loads = new Map<string, Load>();
  const subjects = teams.map((team) => ({
    label: team.label,
    unit: '/s',
    run: async () => {
      const { rate, load, left } = await runOf(stage, team);
      loads.set(team.label, load);
      wrong.push(...left);
      return rate;
    },
  }));
  const result = (figures: readonly Figure[]): RowResult => ({
    name: 'processes',
    comparisons: comparedOf(figures, stage.against),
    notes: [...loads].map(([label, load]) => `${label}: ${loadText(load)}`),
    plans: [],
    wrong: [...wrong],
  });
  return result(await interleave(subjects, repeats, false, (soFar) => publish(result(soFar))));
}

/** Behind each number of our processes, as many of the other revision's. */
function teamsOf({ against }: Stage): Team[] {
  return COUNTS.flatMap((count) => {
    const label = count === 1 ? '1 process' : `${count} processes`;
    const own = { release: OWN, count, label };
    return against === null ? [own] : [own, { release: against, count, label: `${against.label}, ${label}` }];
  });
}

function comparedOf(figures: readonly Figure[], against: Release | null): Comparison[] {
  const each = figures.length / COUNTS.length;
  const own = figures.filter((_, index) => index % each === 0);
  const others = figures.filter((_, index) => index % each !== 0);
  const what = (figure: Figure | undefined) => `replays a second, ${figure?.label ?? ''}`;
  return [
    ...own.slice(1).map((figure) => compare(what(figure), figure, own[0], null)),
    ...others.map((figure, index) =>
      compare(`${what(own[index])}, beside ${against?.label}`, own[index], figure, null),
    ),
  ];
}

async function runOf(
  stage: Stage,
  { release, count }: Team,
): Promise<{ rate: number; load: Load; left: string[] }> {
  const { db, postmaster } = stage;
  return stage.withBots({ release, count }, async (bots) => {
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
