// How long Retry held stays on a report: as long as the engine would take the click.
import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import type { Batch } from '../../domain/plan.ts';
import { retryUntil } from '../../engine/decide/go-on.ts';

/** Seconds until what is held can't be retried any more; 0 where it can't already. */
export function retryLeft({ status, endedAt, restTakenBy }: Batch, now: number): number {
  if (status !== 'finished' || endedAt === null || restTakenBy !== null) return 0;
  return Math.max(0, differenceInMilliseconds(retryUntil(endedAt), now) / 1000);
}
