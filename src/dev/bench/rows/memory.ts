// The most memory that a bot takes for a dry run, beside what it has while it idles.
import { setTimeout as sleep } from 'node:timers/promises';
import { dryRun } from '../dry-runs.ts';
import { alone, figure, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { forgetPeak, memory } from '../usage.ts';
import { failures, newest } from '../windows.ts';

const REPEATS = 3;
const FEW = 1000;
const MOST_MIB = 64;
/** What the start left behind is gone by then. */
const IDLE_MS = 3000;

/** Few and all failures matched, each by bots that did nothing before. */
export async function memoryRow(stage: Stage): Promise<RowResult> {
  const { db } = stage;
  const all = await failures(db);
  const idle: number[] = [];
  const comparisons = [];
  for (const matched of [Math.min(FEW, all), all]) {
    const window = await newest(db, matched);
    const more: number[] = [];
    for (let n = 0; n < (stage.options.repeats ?? REPEATS); n += 1) {
      await stage.withBots({}, async ([bot]) => {
        await sleep(IDLE_MS);
        await forgetPeak(bot.pid);
        const before = await memory(bot.pid);
        await dryRun(bot, window);
        const after = await memory(bot.pid);
        idle.push(before.now);
        more.push(after.peak - before.now);
      });
    }
    const what = `memory more than idle, ${matched.toLocaleString('en')} matched`;
    comparisons.push(alone(what, figure('bot', 'MiB', more), { most: MOST_MIB }));
  }
  const notes = [`idle: ${figure('bot', 'MiB', idle).median.toFixed(0)} MiB`];
  return { name: 'memory', comparisons, notes, plans: [], wrong: [] };
}
