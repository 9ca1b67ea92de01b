// A whole backlog: approved once in Slack, and the runbook by hand.
import { callUntilNoneIsLeft } from '../call.ts';
import { type Load, loadText, underLoad } from '../load.ts';
import type { Comparison, Figure, Publish, RowResult } from '../measure.ts';
import { compare, interleave } from '../measure.ts';
import { OWN, type Release } from '../release.ts';
import type { Stage } from '../stage.ts';
import { replayAsBot } from './replays.ts';

const REPEATS = 5;
const ELIGIBLE = 1000;
const OF_OTHER = { most: 2 } as const;

type Way = { readonly label: string; run(): Promise<{ seconds: number; load: Load }> };

/**
 * From the approval to the report, four at once; beside one at once, beside calls of 25 until none is left, and beside
 * another revision four at once.
 */
export async function backlogRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const repeats = stage.options.repeats ?? REPEATS;
  const eligible = stage.sized(ELIGIBLE);
  const { against } = stage;
  const ways = [
    approved(stage, '4 at once', 4, OWN),
    approved(stage, '1 at once', 1, OWN),
    { label: 'by hand', run: () => byHand(stage, eligible) },
    ...(against === null ? [] : [approved(stage, `${against.label}, 4 at once`, 4, against)]),
  ];
  await stage.room(eligible * ways.length * repeats);
  const loads = new Map<string, Load>();
  const subjects = ways.map(({ label, run }) => ({
    label,
    unit: 's',
    run: async () => {
      const { seconds, load } = await run();
      loads.set(label, load);
      return seconds;
    },
  }));
  const result = (figures: readonly Figure[]): RowResult => ({
    name: 'backlog',
    comparisons: comparedOf(`a backlog of ${eligible.toLocaleString('en')}`, figures),
    notes: [...loads].map(([label, load]) => `${label}: ${loadText(load)}`),
    plans: [],
    wrong: [],
  });
  return result(await interleave(subjects, repeats, false, (soFar) => publish(result(soFar))));
}

function comparedOf(what: string, [four, one, hand, other]: readonly Figure[]): Comparison[] {
  return [
    compare(`${what}, beside one at once`, four, one, null),
    compare(`${what}, beside calls of 25`, four, hand, null),
    ...(other === undefined ? [] : [compare(`${what}, beside ${other.label}`, four, other, OF_OTHER)]),
  ];
}

function approved(stage: Stage, label: string, atOnce: number, release: Release): Way {
  return {
    label,
    run: async () => {
      const { run, load } = await replayAsBot(stage, atOnce, stage.sized(ELIGIBLE), { release });
      return { seconds: run.seconds, load };
    },
  };
}

async function byHand(stage: Stage, eligible: number): Promise<{ seconds: number; load: Load }> {
  const window = await stage.slices.next(eligible);
  return stage.withBots({}, async ([bot]) => {
    await stage.db.sql('checkpoint');
    const watched = { bots: [bot.pid], postmaster: stage.postmaster };
    const { load } = await underLoad(stage.db, watched, () => callUntilNoneIsLeft(bot, window));
    return { seconds: load.seconds, load };
  });
}
