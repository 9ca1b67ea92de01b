// What became of one execution in a batch, and the closing equation that a report has to satisfy.
import { count } from './numbers.ts';
import type { SkipReason } from './skip-filters.ts';

export type Outcome =
  | { readonly kind: 'success'; readonly projectUuid: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly detail: string };

/** Counts over one batch. `skipped` has the rows skipped by the plan and those skipped at their turn. */
export type Tally = {
  readonly matched: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notReached: number;
};

/** `matched = succeeded + failed + skipped + not reached`: no matched row may get lost. */
export function balances(tally: Tally): boolean {
  return tally.matched === tally.succeeded + tally.failed + tally.skipped + tally.notReached;
}

/** The equation, with `≠` where it does not hold. `said` writes its numbers, `whole` what they are parts of. */
export function equation(
  tally: Tally,
  said: (value: number) => string = count,
  whole: ' matched' | '' = ' matched',
): string {
  const sign = balances(tally) ? '=' : '≠';
  return `${said(tally.matched)}${whole} ${sign} ${said(tally.succeeded)} succeeded + ${said(tally.failed)} failed + ${said(tally.skipped)} skipped + ${said(tally.notReached)} not reached`;
}

/** Counted twice: by the batch's own rows, and from or_projects and or_workflow_history. */
export type Verification = {
  readonly own: Tally;
  readonly recounted: Tally;
  /** One sentence for each disagreement; empty where the two agree and the equation holds. */
  readonly disagreements: readonly string[];
};
