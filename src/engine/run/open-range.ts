// Where a run looks for its next row: not from the plan's beginning each time, past all that is done.
import type { RowRange } from '../../store/claim.ts';
import type { Run } from './run.ts';

/** Rows before the first open chunk need not be looked at; what a retry opened again may be anywhere. */
function firstOpen(run: Run): number {
  const chunks = Math.ceil(run.batch.summary.eligible / run.chunkSize);
  return run.chunksDone >= chunks ? 1 : run.chunksDone * run.chunkSize + 1;
}

/** Looking from the first open chunk on each time would step over all that were done since it was closed. */
export function openRange(run: Run): Omit<RowRange, 'busyVendors'> {
  const first = Math.max(firstOpen(run), run.ahead + 1);
  return { batchId: run.batch.id, first, last: run.batch.summary.eligible, state: 'open' };
}

/**
 * Where none was free from `first` on: whether there are rows before it to look at. Those that were passed over, because
 * their vendor was busy or somebody had them, come before the rest again.
 */
export function lookAgain(run: Run, first: number): boolean {
  run.ahead = 0;
  return first > firstOpen(run);
}
