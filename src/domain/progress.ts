// How far a run is, as counted in the database: what the bar, the headline and the report are drawn from.
import type { ErrorGroup } from './plan.ts';

export type Progress = {
  /** Eligible rows of the plan. */
  readonly eligible: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Skipped at their turn, by reason; a newer release may know reasons that this one doesn't. */
  readonly skippedAtTurn: Readonly<Record<string, number>>;
  /** Given up: stopped, or trouble of the infrastructure. */
  readonly notReached: number;
  /** With the application's endpoint: in a call whose end is not known yet. */
  readonly sent: number;
  /** Kept back by a canary or a breaker. */
  readonly held: number;
  /** Failures of this run by error group, largest first. */
  readonly failures: readonly ErrorGroup[];
  /** Replays per second over the last chunks since the run was last let go; null where there is none yet. */
  readonly perSecond: number | null;
  /** How long it has run, in seconds, without its pauses; null where it never ran. */
  readonly ranSeconds: number | null;
};

/** Rows that have had their turn. */
export function tried(progress: Progress): number {
  const skipped = Object.values(progress.skippedAtTurn).reduce((sum, count) => sum + count, 0);
  return progress.succeeded + progress.failed + skipped;
}

/** Rows that a run which has ended has left: what a dry run of its rest selects. */
export function left(progress: Progress): number {
  return progress.failed + progress.notReached + progress.held + (progress.skippedAtTurn.locked ?? 0);
}

/** Seconds until the rest is done at the present rate; null where that can't be said. */
export function secondsLeft(progress: Progress): number | null {
  const left = progress.eligible - tried(progress) - progress.notReached - progress.held;
  if (left <= 0) return 0;
  return progress.perSecond === null || progress.perSecond <= 0 ? null : Math.ceil(left / progress.perSecond);
}
