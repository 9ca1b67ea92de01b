// How long the button for what a run owes stays on its report: as long as the engine would take the click.
import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import type { Batch } from '../../domain/plan.ts';
import { owedUntil } from '../../engine/decide/send-owed.ts';

/** Seconds until what the run owes can't be sent any more; 0 where it owes nothing. */
export function owedLeft(batch: Batch, retentionDays: number, now: number): number {
  const until = owedUntil(batch, retentionDays);
  return until === null ? 0 : Math.max(0, differenceInMilliseconds(until, now) / 1000);
}
