// One round: a storm of people, programs and faults over a few processes, then quiet, then the recount.
import { setTimeout as sleep } from 'node:timers/promises';
import { byHand } from './actors/by-hand.ts';
import { callers } from './actors/callers.ts';
import { liveApp } from './actors/live-app.ts';
import { people } from './actors/people.ts';
import { APPLICATION_FAULTS, countCalls } from './faults/application.ts';
import { drawFault, FAULTS, type Fault } from './faults/faults.ts';
import { countRefusals } from './faults/places.ts';
import { recount } from './invariants/invariants.ts';
import { createRandom, type Random } from './random.ts';
import type { ChaosServer } from './server.ts';
import { heal, settle } from './settle.ts';
import { type Stage, setStage } from './stage.ts';
import { createTally } from './tally.ts';

export type RoundResult = {
  readonly round: number;
  readonly bots: number;
  readonly rows: number;
  readonly batches: number;
  readonly replays: number;
  readonly seconds: number;
  /** Of these, until all processes served, and from the end of the storm until all was quiet. */
  readonly starting: number;
  readonly settling: number;
  readonly struck: Readonly<Record<string, number>>;
  readonly done: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  /** The bots' last words, where something was violated. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
};

/** Plays round `round` of the campaign with this seed; `endpoint`: an application makes the replays. */
export async function playRound(
  server: ChaosServer,
  seed: string,
  round: number,
  endpoint: boolean,
): Promise<RoundResult> {
  const began = Date.now();
  const random = createRandom(`${seed}/${round}`);
  const rows = random.between(40, 140);
  const bots = random.between(2, 4);
  const tallies = { struck: createTally(), done: createTally() };
  const storm = new AbortController();
  const stage = await setStage(server, round, random, tallies, { rows, bots, endpoint, storm: storm.signal });
  const served = Date.now();
  try {
    await rage(stage, random, storm);
    const calm = Date.now();
    await heal(stage, random.fork('heal'));
    const stuck = await settle(stage, random.fork('settle'));
    const quiet = Date.now();
    countRefusals(stage);
    countCalls(stage);
    const violations = [...stuck, ...(await recount(stage))];
    const [counted] = await stage.db.sql<{ rows: number; batches: number; replays: number }>(
      `select (select count(*) from retry_batch.plan_rows) as rows, (select count(*) from retry_batch.batches) as batches,
         (select count(*) from or_workflow_history) as replays`,
    );
    return {
      ...{ round, bots, rows: 0, batches: 0, replays: 0, ...counted },
      seconds: seconds(Date.now() - began),
      starting: seconds(served - began),
      settling: seconds(quiet - calm),
      struck: tallies.struck.counts(),
      done: tallies.done.counts(),
      violations,
      logs:
        violations.length > 0 ? Object.fromEntries(stage.bots.map((bot) => [bot.name, [...bot.log]])) : {},
    };
  } finally {
    storm.abort();
    await stage.strike();
    await stage.close();
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}

/** Calls that get no answer take seconds, and so do the looks behind them. */
const CALLS_TAKE_MS = 4000;

/** Actors and faults side by side; resolves when the last of them has let go. */
async function rage(stage: Stage, random: Random, storm: AbortController): Promise<void> {
  const { application } = stage;
  const lasts = random.between(4000, 7500) + (application === null ? 0 : CALLS_TAKE_MS);
  const actors = [
    people(stage, random.fork('people 1')),
    people(stage, random.fork('people 2')),
    application === null ? callers(stage, random.fork('callers')) : byHand(stage, random.fork('by hand')),
    liveApp(stage, random.fork('live app')),
  ];
  const strikes = (name: string, times: number, among: readonly Fault[]) =>
    Array.from({ length: times }, (_, index) => {
      const own = random.fork(`${name} ${index}`);
      const at = own.between(500, lasts - 300);
      return strikeAt(stage, own, at, among);
    });
  const faults = strikes('fault', random.between(6, 18), FAULTS);
  if (application !== null) faults.push(...strikes('application', random.between(5, 14), APPLICATION_FAULTS));
  await sleep(lasts);
  await untilReplayed(stage);
  storm.abort();
  await Promise.all([...actors, ...faults]);
}

/** A storm in which nothing was replayed shows nothing: on a busy machine it lasts until something was. */
const ENOUGH_REPLAYS = 15;
/** And until enough calls were struck, where an application gets them. */
const ENOUGH_STRUCK = 6;
const MOST_LOOKS = 240;

async function untilReplayed({ db, application }: Stage): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const [history] = await db
      .sql<{ replays: number }>('select count(*) as replays from or_workflow_history')
      .catch(() => []);
    const struck = application?.calls().filter(({ faults }) => faults.length > 0).length ?? ENOUGH_STRUCK;
    if ((history?.replays ?? 0) >= ENOUGH_REPLAYS && struck >= ENOUGH_STRUCK) return;
    await sleep(250);
  }
}

/** A fault that can't strike because another one is striking is none. */
async function strikeAt(stage: Stage, random: Random, at: number, among: readonly Fault[]): Promise<void> {
  const fault = drawFault(random, among);
  await sleep(at);
  await fault.strike(stage, random).catch(() => {});
}
