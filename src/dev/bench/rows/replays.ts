// Replays a second beside pgbench, which runs the statements that one replay needs.
import { type Load, loadText, underLoad } from '../load.ts';
import { type Comparison, compare, interleave, type RowResult } from '../measure.ts';
import { profileClock } from '../profile.ts';
import { leftBehind, MOST_CANARIES, type PeerRun, rateOf, replayAsPeer } from '../rates.ts';
import { approve, ask, ended, type Run } from '../slack-runs.ts';
import type { BotOrder, Stage } from '../stage.ts';

const REPEATS = 3;
const AT_ONCE = [1, 4, 16] as const;
const ELIGIBLE = { one: 600, more: 3000 } as const;

/** Each concurrency with its peer. */
export async function replaysRow(stage: Stage): Promise<RowResult> {
  const wrong: string[] = [];
  const notes: string[] = [];
  const comparisons: Comparison[] = [];
  for (const atOnce of AT_ONCE) {
    const eligible = stage.sized(atOnce === 1 ? ELIGIBLE.one : ELIGIBLE.more);
    const last = { bot: '', peer: '' };
    const asBot = async () => {
      const { run, rate, load } = await replayAsBot(stage, atOnce, eligible);
      last.bot = loadText(load, run.replays);
      wrong.push(...(await leftBehind(stage.db, 'retry_batch', run)));
      return rate;
    };
    const asPeer = async () => {
      const { run, load } = await peerRun(stage, atOnce, eligible);
      last.peer = loadText(load, run.replays);
      wrong.push(...(await leftBehind(stage.db, 'peer', run)));
      return rateOf(stage.db, 'peer', run.batchId, { skipRows: MOST_CANARIES });
    };
    const figures = await interleave(
      [
        { label: 'bot', unit: '/s', run: asBot },
        { label: 'pgbench', unit: '/s', run: asPeer },
      ],
      stage.options.repeats ?? REPEATS,
      false,
    );
    comparisons.push(compare(`replays a second, ${atOnce} at once`, figures[0], figures[1], { least: 0.7 }));
    notes.push(`${atOnce} at once, bot: ${last.bot}`, `${atOnce} at once, pgbench: ${last.peer}`);
  }
  return { name: 'replays', comparisons, notes, plans: [], wrong };
}

export type BotRun = {
  readonly run: Run;
  readonly rate: number;
  readonly load: Load;
  /** Between the approval and the report, by the clock that profiles use. */
  readonly lasted: { readonly from: number; readonly until: number };
};

/** One run of a fresh bot, from the approval to the report; the rate is of what came behind the canaries. */
export async function replayAsBot(
  stage: Stage,
  atOnce: number,
  eligible: number,
  order: BotOrder = {},
): Promise<BotRun> {
  const environment = { REPLAY_CONCURRENCY: String(atOnce), ...order.environment };
  return stage.withBots({ ...order, environment }, async (bots) => {
    const planned = await ask(stage, await stage.slices.next(eligible));
    await stage.db.sql('checkpoint');
    const watched = { bots: bots.map((bot) => bot.pid), postmaster: stage.postmaster };
    const from = profileClock();
    const { result: run, load } = await underLoad(stage.db, watched, async () => {
      await approve(stage, planned);
      return ended(stage, planned);
    });
    const lasted = { from, until: profileClock() };
    const rate = await rateOf(stage.db, 'retry_batch', run.batchId, { skipRows: MOST_CANARIES });
    return { run, rate, load, lasted };
  });
}

async function peerRun(
  stage: Stage,
  atOnce: number,
  eligible: number,
): Promise<{ run: PeerRun; load: Load }> {
  const window = await stage.slices.next(eligible);
  const replay = await replayAsPeer(stage.db, window, atOnce);
  const { result: run, load } = await underLoad(stage.db, { bots: [], postmaster: stage.postmaster }, replay);
  return { run, load };
}
