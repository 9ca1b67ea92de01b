// Replays row after row of a run, several at once, keeps an eye on what the replays show, and closes chunks on the
// way. One failure never stops the others.

import * as holds from '../../store/holds.ts';
import { replayRows } from '../replay/pool.ts';
import type { Replay } from '../replay/replay-one.ts';
import { replayNext } from '../replay/tries.ts';
import { lookBack } from './breaker.ts';
import { closingChunks } from './chunks.ts';
import { judgeFailure } from './judge-failure.ts';
import { lookAgain, openRange } from './open-range.ts';
import type { Run } from './run.ts';

/** Replays open rows until none is free. Throws the trouble that ended it early. */
export async function workOff(run: Run): Promise<void> {
  const { ports, options, context } = run;
  const onTake = (position: number) => {
    run.ahead = Math.max(run.ahead, position);
  };
  const lookFromTheFirst = () => {
    run.ahead = 0;
  };
  const { trouble } = await closingChunks(run, lookFromTheFirst, () =>
    replayRows(
      ports,
      () => openRange(run),
      { ...context, onTake },
      {
        workers: options.concurrency,
        slots: options.slots,
        stop: run.leave,
        onNone: (first) => lookAgain(run, first),
        onReplay: (replay) => judgeReplay(run, replay),
      },
    ),
  );
  if (trouble !== undefined) throw trouble;
}

/** One more try for each row that was locked at its turn. Throws the trouble that ended it early. */
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

/** The breaker's verdict on one replay, carried out before its worker takes the next row. */
async function judgeReplay(run: Run, replay: Replay): Promise<void> {
  if (replay.kind !== 'done' || replay.outcome !== 'error') return;
  const { ports, batch, options } = run;
  const latest = await holds.latestReplays(ports.db.autocommit, batch.id, lookBack(options.breaker));
  await judgeFailure(run, latest, replay.vendorId);
}
