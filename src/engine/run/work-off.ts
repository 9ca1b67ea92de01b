// Replays row after row of a run, several at once, keeps an eye on what the replays show, and closes chunks on the
// way. One failure never stops the others.

import type { RowRange } from '../../store/claim.ts';
import * as holds from '../../store/holds.ts';
import { record } from '../record.ts';
import { replayRows } from '../replay/pool.ts';
import type { Replay } from '../replay/replay-one.ts';
import { replayNext } from '../replay/tries.ts';
import { lookBack, trip } from './breaker.ts';
import { closeChunks } from './chunks.ts';
import { pauseItself } from './pause-itself.ts';
import type { Run } from './run.ts';

/** How often it is looked whether a chunk is done. */
const CLOSE_EVERY_MS = 250;

/** Replays open rows until none is free. Throws the trouble that ended it early. */
export async function workOff(run: Run): Promise<void> {
  const { ports, options, context } = run;
  const done = new AbortController();
  const closing = closeWhile(run, done.signal);
  const onTake = (position: number) => {
    run.ahead = Math.max(run.ahead, position);
  };
  try {
    const { trouble } = await replayRows(
      ports,
      () => rangeOf(run),
      { ...context, onTake },
      {
        workers: options.concurrency,
        slots: options.slots,
        stop: run.leave,
        onNone: (first) => lookAgain(run, first),
        onReplay: (replay) => judgeReplay(run, replay),
      },
    );
    if (trouble !== undefined) throw trouble;
  } finally {
    done.abort();
    await closing;
  }
}

/** One more try for each row that was locked at its turn. */
export async function passOver(run: Run, whenLocked: 'defer' | 'skip', rows: number): Promise<void> {
  const { ports, options, batch } = run;
  const range = { batchId: batch.id, last: batch.summary.eligible, state: 'deferred' } as const;
  let first = 1;
  for (let step = 0; step < rows && !run.leave(); step += 1) {
    const context = { ...run.context, whenLocked };
    const replay = await options.slots.use(() =>
      replayNext(ports, { ...range, first, busyVendors: options.vendors.now().busy }, context),
    );
    if (replay.kind === 'none' || replay.kind === 'in_other_hands') return;
    first = replay.position + 1;
  }
}

/** Rows before the first open chunk need not be looked at; what a retry opened again may be anywhere. */
function firstOpen(run: Run): number {
  const chunks = Math.ceil(run.batch.summary.eligible / run.chunkSize);
  return run.chunksDone >= chunks ? 1 : run.chunksDone * run.chunkSize + 1;
}

/** Looking from the first open chunk on each time would step over all that were done since it was closed. */
function rangeOf(run: Run): Omit<RowRange, 'busyVendors'> {
  const first = Math.max(firstOpen(run), run.ahead + 1);
  return { batchId: run.batch.id, first, last: run.batch.summary.eligible, state: 'open' };
}

/** Rows that were passed over, because their vendor was busy or somebody had them, come before the rest again. */
function lookAgain(run: Run, first: number): boolean {
  run.ahead = 0;
  return first > firstOpen(run);
}

async function closeWhile(run: Run, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // What goes wrong here goes wrong again where the run looks at its chunks itself, and is told there.
    await closeChunks(run).catch(() => {});
    run.ahead = 0;
    await run.ports.clock.sleep(CLOSE_EVERY_MS, signal);
  }
}

/** The breaker's verdict on one replay, carried out before its worker takes the next row. */
async function judgeReplay(run: Run, replay: Replay): Promise<void> {
  if (replay.kind !== 'done' || replay.outcome !== 'error') return;
  const { ports, batch, options } = run;
  const limits = options.breaker;
  const latest = await holds.latestReplays(ports.db.autocommit, batch.id, lookBack(limits));
  const tripped = trip(limits, latest, replay.vendorId);
  if (tripped === null) return;
  if (tripped.kind === 'pause') {
    const why = `${tripped.failed} of the last ${tripped.of} replays failed`;
    await pauseItself(ports, batch.id, { rule: 'breaker', why });
    return;
  }
  const { vendorId, error, inARow } = tripped;
  await ports.db.transaction(async (tx) => {
    const because = `${inARow} replays in a row failed alike: ${error}`;
    const rows = await holds.hold(tx, { batchId: batch.id, vendorId, errorGroup: null, because });
    if (rows === 0) return;
    const evidence = { rule: 'breaker', vendor_id: vendorId, rows, error, in_a_row: inARow } as const;
    await record(ports, tx, { batchId: batch.id, action: 'held', actor: run.actor, evidence });
  });
  ports.onChange(batch.id);
}
