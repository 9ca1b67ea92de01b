// Replays a second beside pgbench, which runs the statements that one replay needs.

import { compare, interleave, type RowResult } from '../measure.ts';
import { leftBehind, type PeerRun, rateOf, replayAsPeer } from '../rates.ts';
import { runInSlack } from '../slack-runs.ts';
import type { BotOrder, Stage } from '../stage.ts';
import { type Load, watchLoad } from '../usage.ts';

const REPEATS = 3;
const AT_ONCE = [1, 4, 16] as const;
/** Two hundred vendors with a few error groups each: the largest 25 of them have a row that goes first, alone. */
const MOST_CANARIES = 25;

/** Each concurrency with its peer. */
export async function replaysRow(stage: Stage): Promise<RowResult> {
  const wrong: string[] = [];
  const notes: string[] = [];
  const comparisons = [];
  for (const atOnce of AT_ONCE) {
    const eligible = Math.round((stage.options.rows / 1_000_000) * (atOnce === 1 ? 500 : 1000));
    const loads: Load[] = [];
    const figures = await interleave(
      [
        {
          label: 'bot',
          unit: '/s',
          run: async () => {
            const { rate, load, run } = await replayAsBot(stage, atOnce, eligible);
            loads.push(load);
            wrong.push(...(await leftBehind(stage.db, 'retry_batch', run)));
            return rate;
          },
        },
        {
          label: 'pgbench',
          unit: '/s',
          run: async () => {
            const run = await replayAsPeer(stage.db, await stage.slices.next(eligible), atOnce);
            wrong.push(...(await leftBehind(stage.db, 'peer', run)));
            return rateOf(stage.db, 'peer', run.batchId, { skipRows: MOST_CANARIES });
          },
        },
      ],
      stage.options.repeats ?? REPEATS,
      false,
    );
    comparisons.push(compare(`replays a second, ${atOnce} at once`, figures[0], figures[1], { least: 0.7 }));
    notes.push(`${atOnce} at once: ${inWords(loads.at(-1))}`);
  }
  return { name: 'replays', comparisons, notes, plans: [], wrong };
}

/** One run of a fresh bot, from the approval to the report; the rate is of what came behind the canaries. */
export async function replayAsBot(
  stage: Stage,
  atOnce: number,
  eligible: number,
  order: BotOrder = {},
): Promise<{ run: PeerRun & { seconds: number }; rate: number; load: Load }> {
  const window = await stage.slices.next(eligible);
  const environment = { REPLAY_CONCURRENCY: String(atOnce), ...order.environment };
  return stage.withBots({ ...order, environment }, async (bots) => {
    await stage.db.sql('checkpoint');
    const pids = bots.map((bot) => bot.pid);
    const load = await watchLoad(pids, stage.postmaster);
    const run = await runInSlack(stage, window);
    const skipped = bots.length > 1 ? { skipSeconds: 2 } : { skipRows: MOST_CANARIES };
    return { run, load: await load(), rate: await rateOf(stage.db, 'retry_batch', run.batchId, skipped) };
  });
}

/** How many of the machine's cores were busy, and with what. */
export function inWords(load: Load | undefined): string {
  if (load === undefined) return 'not seen';
  const cores = (seconds: number) => (seconds / load.seconds).toFixed(2);
  return `cores busy: ${cores(load.bots)} bots, ${cores(load.postgres)} Postgres, ${cores(load.machine)} in all`;
}
