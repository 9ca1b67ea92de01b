// One row of a batch as its page and its file have it, and which of the rows somebody wants to see.
import type { ExecutionRow } from './plan.ts';

export type BatchRow = ExecutionRow & {
  /** Its place in the plan. */
  readonly position: number;
  readonly outcome: 'success' | 'error' | 'skipped' | 'not_reached';
  /** Not reached because a canary or a breaker keeps it back. */
  readonly held: boolean;
  /** A SkipReason, or one of an endpoint's own. */
  readonly reason: string | null;
  readonly detail: string | null;
  /** What it had failed with. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** What its replay failed with. */
  readonly replayErrorType: string | null;
  readonly replayErrorMessage: string | null;
  readonly projectUuid: string | null;
};

/** What a filter can ask for; `held` are those of the rows not reached that are kept back. */
export const OUTCOMES = ['success', 'error', 'skipped', 'not_reached', 'held'] as const;

export type OutcomeFilter = (typeof OUTCOMES)[number];

/** Null: whichever. */
export type RowFilter = {
  readonly outcome: OutcomeFilter | null;
  readonly reason: string | null;
  /** By number, or by a part of the name, case ignored. */
  readonly vendor:
    | { readonly kind: 'id'; readonly id: number }
    | { readonly kind: 'name'; readonly name: string }
    | null;
  /** A part of what is shown of a row, case ignored. */
  readonly text: string | null;
};

export const EVERY_ROW: RowFilter = { outcome: null, reason: null, vendor: null, text: null };

/** Whether it leaves any row out. */
export function isFiltered({ outcome, reason, vendor, text }: RowFilter): boolean {
  return outcome !== null || reason !== null || vendor !== null || text !== null;
}
