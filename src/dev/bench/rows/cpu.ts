// What a replay costs the bot itself, and where that goes.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alone, figure, type RowResult } from '../measure.ts';
import { hottest } from '../profile.ts';
import type { Stage } from '../stage.ts';
import { replayAsBot } from './replays.ts';

const REPEATS = 3;
const ELIGIBLE = 1000;
const TOP = 5;
const AT_ONCE = 4;

/** CPU time of the process for each replay, four at once; the profile is of a run of its own, which it slows down. */
export async function cpuRow(stage: Stage): Promise<RowResult> {
  const eligible = stage.sized(ELIGIBLE);
  const repeats = stage.options.repeats ?? REPEATS;
  await stage.room(eligible * (repeats + 1));
  const own: number[] = [];
  const postgres: number[] = [];
  for (let n = 0; n < repeats; n += 1) {
    const { run, load } = await replayAsBot(stage, AT_ONCE, eligible);
    own.push((load.bots * 1000) / run.replays);
    postgres.push((load.postgres * 1000) / run.replays);
  }
  const top = await profiled(stage, eligible);
  return {
    name: 'cpu',
    comparisons: [
      alone("the bot's own CPU for each replay", figure('bot', 'ms', own)),
      alone("Postgres' CPU for each replay", figure('Postgres', 'ms', postgres)),
    ],
    notes: top.map(({ what, share }) => `${(100 * share).toFixed(1)}% of the bot's busy time: ${what}`),
    plans: [],
    wrong: [],
  };
}

async function profiled(stage: Stage, eligible: number) {
  const { profile } = stage.options;
  const base = profile ?? tmpdir();
  await mkdir(base, { recursive: true });
  const folder = await mkdtemp(join(base, 'bench-profile-'));
  try {
    const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
    const { lasted } = await replayAsBot(stage, AT_ONCE, eligible, { nodeOptions });
    return await hottest(folder, lasted.from, lasted.until, TOP);
  } finally {
    if (profile === null) await rm(folder, { recursive: true });
  }
}
