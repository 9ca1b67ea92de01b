// Replays a second beside pgbench, which runs the statements that one replay needs, and beside another revision.
import { type Load, loadText, underLoad } from '../load.ts';
import type { Comparison, Figure, Publish, RowResult } from '../measure.ts';
import { compare, interleave } from '../measure.ts';
import { profileClock } from '../profile.ts';
import { leftBehind, MOST_CANARIES, type PeerRun, rateOf, replayAsPeer } from '../rates.ts';
import { OWN } from '../release.ts';
import { approve, ask, ended, type Run } from '../slack-runs.ts';
import type { BotOrder, Stage } from '../stage.ts';

const REPEATS = 5;
const AT_ONCE = [1, 4, 16] as const;
const ELIGIBLE = { one: 600, more: 3000 } as const;
const OF_PGBENCH = { least: 0.5 } as const;
const OF_OTHER = { least: 0.75 } as const;

type Contestant = {
  readonly label: string;
  /** One run: how fast it went, and what else is to be known of it. */
  run(): Promise<{ rate: number; load: string; wrong: readonly string[] }>;
};

/** Each concurrency with its peers. */
export async function replaysRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const repeats = stage.options.repeats ?? REPEATS;
  const wrong: string[] = [];
  const comparisons: Comparison[] = [];
  const loads = new Map<string, string>();
  const result = (more: readonly Comparison[]): RowResult => ({
    name: 'replays',
    comparisons: [...comparisons, ...more],
    notes: [...loads].map(([what, load]) => `${what}: ${load}`),
    plans: [],
    wrong: [...wrong],
  });
  for (const atOnce of AT_ONCE) {
    const eligible = stage.sized(atOnce === 1 ? ELIGIBLE.one : ELIGIBLE.more);
    const contestants = contestantsOf(stage, atOnce, eligible);
    await stage.room(eligible * contestants.length * repeats);
    const subjects = contestants.map(({ label, run }) => ({
      label,
      unit: '/s',
      run: async () => {
        const one = await run();
        loads.set(`${atOnce} at once, ${label}`, one.load);
        wrong.push(...one.wrong);
        return one.rate;
      },
    }));
    const figures = await interleave(subjects, repeats, false, (soFar) =>
      publish(result(comparedOf(atOnce, soFar))),
    );
    comparisons.push(...comparedOf(atOnce, figures));
  }
  return result([]);
}

function contestantsOf(stage: Stage, atOnce: number, eligible: number): Contestant[] {
  const bots = stage.against === null ? [OWN] : [OWN, stage.against];
  const [own, ...others] = bots.map(
    (release): Contestant => ({
      label: release.label,
      run: async () => {
        const { run, rate, load } = await replayAsBot(stage, atOnce, eligible, { release });
        const wrong = await leftBehind(stage.db, 'retry_batch', run);
        return { rate, load: loadText(load, run.replays), wrong };
      },
    }),
  );
  const peer: Contestant = {
    label: 'pgbench',
    run: async () => {
      const { run, load } = await peerRun(stage, atOnce, eligible);
      const rate = await rateOf(stage.db, 'peer', run.batchId, { skipRows: MOST_CANARIES });
      return { rate, load: loadText(load, run.replays), wrong: await leftBehind(stage.db, 'peer', run) };
    },
  };
  return own === undefined ? [peer] : [own, peer, ...others];
}

/** The other revision stands beside pgbench, too: that says what of it is the disk's. */
function comparedOf(atOnce: number, [own, peer, other]: readonly Figure[]): Comparison[] {
  const what = `replays a second, ${atOnce} at once`;
  const beside = compare(what, own, peer, OF_PGBENCH);
  if (other === undefined) return [beside];
  return [
    beside,
    compare(`${what}, beside ${other.label}`, own, other, OF_OTHER),
    compare(`${what}, of ${other.label}`, other, peer, null),
  ];
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
