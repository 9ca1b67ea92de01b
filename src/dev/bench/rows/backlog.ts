// A whole backlog: approved once in Slack, and the runbook by hand.
import { call } from '../call.ts';
import { type Load, loadText, underLoad } from '../load.ts';
import { compare, interleave, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { replayAsBot } from './replays.ts';

const REPEATS = 3;
const ELIGIBLE = 1000;

/** From the approval to the report, four at once; beside one at once, and beside calls of 25 until none is left. */
export async function backlogRow(stage: Stage): Promise<RowResult> {
  const eligible = stage.sized(ELIGIBLE);
  const loads = new Map<string, Load>();
  const keep = (label: string, seconds: number, load: Load) => {
    loads.set(label, load);
    return seconds;
  };
  const approved = (label: string, atOnce: number) => ({
    label,
    unit: 's',
    run: async () => {
      const { run, load } = await replayAsBot(stage, atOnce, eligible);
      return keep(label, run.seconds, load);
    },
  });
  const byHand = {
    label: 'by hand',
    unit: 's',
    run: async () => {
      const { seconds, load } = await callUntilNoneIsLeft(stage, eligible);
      return keep('by hand', seconds, load);
    },
  };
  const [four, one, hand] = await interleave(
    [approved('4 at once', 4), approved('1 at once', 1), byHand],
    stage.options.repeats ?? REPEATS,
    false,
  );
  const what = `a backlog of ${eligible.toLocaleString('en')}`;
  return {
    name: 'backlog',
    comparisons: [
      compare(`${what}, beside one at once`, four, one, null),
      compare(`${what}, beside calls of 25`, four, hand, null),
    ],
    notes: [...loads].map(([label, load]) => `${label}: ${loadText(load)}`),
    plans: [],
    wrong: [],
  };
}

async function callUntilNoneIsLeft(stage: Stage, eligible: number): Promise<{ seconds: number; load: Load }> {
  const { since, until } = await stage.slices.next(eligible);
  const body = { since, until, suppress_notifications: true, dry_run: false };
  return stage.withBots({}, async ([bot]) => {
    await stage.db.sql('checkpoint');
    const watched = { bots: [bot.pid], postmaster: stage.postmaster };
    const { load } = await underLoad(stage.db, watched, async () => {
      for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
        const { summary } = await call(bot, body);
        if (summary.remaining >= left)
          throw new Error(`a call replayed nothing: ${summary.remaining} are left`);
        left = summary.remaining;
      }
    });
    return { seconds: load.seconds, load };
  });
}
