// What a run that has ended left, in parts: whose rows, and for which cause.

/** Rows of one customer that are left for one cause. */
export type LeftRows = {
  readonly customer: string;
  readonly rows: number;
  /** Of them: kept back by the run, because replays like theirs failed. */
  readonly held: number;
} & (
  | {
      readonly kind: 'error';
      /** The error's group. */
      readonly error: string;
      /** It is the error that the rows had in the plan. */
      readonly original: boolean;
    }
  | { readonly kind: 'locked' }
  | {
      readonly kind: 'not_reached';
      /** What went wrong at their turn; null where they had none, because the run ended before. */
      readonly why: string | null;
    }
);

/** What is said of the rows that had no turn before their run was stopped. */
export const STOPPED_BEFORE = 'the run was stopped';

export type Left = {
  /** The largest first. */
  readonly largest: readonly LeftRows[];
  /** Rows besides those. */
  readonly others: number;
};
