// A run's rows by calls of the application's endpoint: canaries in one call, then call after call. What the calls bring
// decides whether it goes on by itself, waits, or pauses and asks.
import * as holds from '../../store/holds.ts';
import { countOpen } from '../../store/open-rows.ts';
import type { Sendable } from '../../store/sent-rows.ts';
import type { Settled } from '../../store/settled-rows.ts';
import type { EndpointReplayer } from '../ports.ts';
import { settleAbandoned } from '../replay/abandoned-calls.ts';
import { type Called, call, NOTHING } from '../replay/call.ts';
import { lookBack } from './breaker.ts';
import { closingChunks } from './chunks.ts';
import { type Endurance, MOST_FRUITLESS } from './endurance.ts';
import { judgeFailure } from './judge-failure.ts';
import { lookAgain, openRange } from './open-range.ts';
import { pauseItself } from './pause-itself.ts';
import type { Run } from './run.ts';

const BUSY_SECONDS = 5;
const LOOK_AGAIN_MS = 500;
const BREATH_MS = 1000;

/** The endpoint's part in a run. */
export type Caller = {
  readonly run: Run;
  readonly replayer: EndpointReplayer;
  /** How the endpoint has been doing in this run, for all of this process's calls of it. */
  readonly endurance: Endurance;
};

/** What shows that the endpoint works. */
const FRUITS: readonly Settled['became'][] = ['success', 'error', 'skipped', 'deferred'];

/** Calls until no row is free, or the run is not to go on. Throws the trouble that ended it early. */
export async function callOff(caller: Caller): Promise<void> {
  const { run } = caller;
  const { options } = run;
  // What others left behind was settled without a verdict, by whoever came by.
  await judgeLatest(run, Number.POSITIVE_INFINITY);
  const work = async () => {
    while (!run.leave()) {
      const range = openRange(run);
      const called = await options.slots.use(() => callOnce(caller, { ...range, positions: null }, 'defer'));
      run.ahead = Math.max(run.ahead, called.last);
      if (called.end.kind === 'none') {
        if (!lookAgain(run, range.first)) return;
      } else {
        await judgeCall(run, called);
        if (!(await mayGoOn(caller, called))) return;
      }
    }
  };
  const ends = await closingChunks(
    run,
    () => {},
    () => Promise.allSettled(Array.from({ length: options.concurrency }, work)),
  );
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

/** Looks after the rows of calls that nobody is at any more; whether all of them are settled. Throws as `Tx.query` does. */
export async function settleLeftBehind({ run, replayer }: Caller): Promise<boolean> {
  const { ports, options, batch } = run;
  const { worker, callsInHand: inHand, takeoverSeconds: silentSeconds } = options;
  return (await settleAbandoned(ports, { replayer, worker, inHand, silentSeconds }, batch.id)) === 0;
}

async function callOnce(
  { run, replayer }: Caller,
  of: Sendable,
  whenLocked: 'defer' | 'skip',
): Promise<Called> {
  const { ports, options, batch, context, chunkSize, leave } = run;
  // Behind the wait for a slot: by then the process may be stopping.
  if (leave()) return NOTHING;
  const called = await call(
    ports,
    {
      batch,
      worker: options.worker,
      actor: context.actor,
      chunkSize,
      replayer,
      inHand: options.callsInHand,
      whenLocked,
      leave,
    },
    of,
  );
  if (called.settled.length > 0) ports.onChange(batch.id);
  return called;
}

/** One call with these canaries, in which a failure is for its group's verdict. Throws as `callOff` does. */
export async function callCanaries(caller: Caller, positions: readonly number[]): Promise<void> {
  const { batch, options } = caller.run;
  const [first, last] = [Math.min(...positions), Math.max(...positions)];
  const of = { batchId: batch.id, state: 'open', first, last, positions } as const;
  await mayGoOn(caller, await options.slots.use(() => callOnce(caller, of, 'defer')));
}

/** One more try for rows that were locked at their turn, a call after the other. Throws as `callOff` does. */
export async function callDeferred(caller: Caller, whenLocked: 'defer' | 'skip'): Promise<void> {
  const { run } = caller;
  const { batch, options } = run;
  let first = 1;
  while (!run.leave()) {
    const of = {
      batchId: batch.id,
      state: 'deferred',
      first,
      last: batch.summary.eligible,
      positions: null,
    } as const;
    const called = await options.slots.use(() => callOnce(caller, of, whenLocked));
    if (called.end.kind === 'none' || !(await mayGoOn(caller, called))) return;
    first = called.last + 1;
  }
}

/** The breaker's verdict on a call. */
async function judgeCall(run: Run, { settled }: Called): Promise<void> {
  const replayed = settled.filter((one) => one.became === 'success' || one.became === 'error');
  if (replayed.some((one) => one.became === 'error')) await judgeLatest(run, replayed.length);
}

/** The breaker's verdict on this many of the run's latest replays, one after the other, as if each had come alone. */
async function judgeLatest(run: Run, replays: number): Promise<void> {
  const { ports, options, batch } = run;
  const latest = await holds.latestReplays(ports.db.autocommit, batch.id, lookBack(options.breaker));
  // As they were written down: in the plan's order, but for what showed only at a later look.
  for (let nth = Math.min(replays, latest.length) - 1; nth >= 0; nth -= 1) {
    const one = latest[nth];
    if (one !== undefined && one.error !== null) await judgeFailure(run, latest.slice(nth), one.vendorId);
  }
}

/** Whether another call may follow; waits where the endpoint asks for it, and has the run pause where only a person can help. */
async function mayGoOn(caller: Caller, { end, brought, began }: Called): Promise<boolean> {
  const { endurance, run } = caller;
  if (end.kind === 'none' || end.kind === 'nothing_sent') return true;
  const fruitful = brought.some((one) => FRUITS.includes(one.became));
  if (fruitful) endurance.fruit();
  if (end.kind === 'refused') return pause(caller, end.says);
  if (end.kind === 'busy') return waitFor(caller, end);
  if (fruitful) return true;
  // Whose rows the next process looks after, it has not waited to the end.
  if (run.leave()) return false;
  if (endurance.isTooFruitless(began, run.ports.clock.monotonic()) && (await isAnythingLeft(run))) {
    const why = end.kind === 'answered' ? 'the endpoint answers and does nothing' : end.why;
    return pause(caller, `${MOST_FRUITLESS} calls in a row brought no outcome; the last: ${why}`);
  }
  await run.ports.clock.sleep(BREATH_MS);
  return true;
}

/** Whether there is anything to ask a person for: of rows that are all given up the report tells. */
async function isAnythingLeft({ ports, batch }: Run): Promise<boolean> {
  const { open, deferred, sent } = await countOpen(ports.db.autocommit, batch.id);
  return open + deferred + sent > 0;
}

/** As long as the endpoint asks for; a person's word, the brake, or the process's end cuts it short. */
async function waitFor(
  caller: Caller,
  { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds: number | null },
): Promise<boolean> {
  const { run, endurance } = caller;
  const { clock } = run.ports;
  // Who asks for no time at all, or for one that has gone by, gets a breath.
  const until = clock.monotonic() + Math.max(BREATH_MS, (retryAfterSeconds ?? BUSY_SECONDS) * 1000);
  for (let before = clock.monotonic(); before < until; ) {
    if (run.leave() || (await run.look()) !== 'running') return false;
    await clock.sleep(Math.min(LOOK_AGAIN_MS, until - before));
    const now = clock.monotonic();
    if (endurance.isTooBusy(before, now))
      return pause(caller, `the endpoint has answered ${status} for ten minutes`);
    before = now;
  }
  return true;
}

async function pause({ run }: Caller, why: string): Promise<false> {
  await pauseItself(run.ports, run.batch.id, { rule: 'endpoint', why });
  return false;
}
