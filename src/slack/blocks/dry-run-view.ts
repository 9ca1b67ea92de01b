// What the dry-run message is drawn from, from the first posting to the end of the run. Data only.
import type { BatchStatus } from '../../domain/batch.ts';
import type { Tally, Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Progress } from '../../domain/progress.ts';

/** Where the batch stands. Who decided, held it, and when, is in the batch itself. */
export type Headline =
  | { readonly kind: 'previewed' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'approved'; readonly progress: Progress }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'paused'; readonly progress: Progress }
  | { readonly kind: 'stopping'; readonly progress: Progress }
  | { readonly kind: 'finished'; readonly tally: Tally; readonly verification: Verification | null }
  | { readonly kind: 'stopped'; readonly tally: Tally; readonly verification: Verification | null }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'expired' };

/** Another batch that waits or runs, and how many of this one's eligible rows are also in it. */
export type Overlap = { readonly shortId: string; readonly status: BatchStatus; readonly rows: number };

export type DryRunView = {
  readonly batch: Batch;
  readonly headline: Headline;
  /** Names for the ids in `vendor_ids`, where known. */
  readonly vendors?: readonly { readonly id: number; readonly name: string }[];
  readonly overlaps: readonly Overlap[];
  readonly brakeOn: boolean;
  readonly secondPersonRequired: boolean;
  /** How times and fields were read, one sentence each. */
  readonly notes: readonly string[];
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl?: string | null;
  /** Executions that match the request now and were not there at the dry run. */
  readonly newerMatches?: number;
};

/** How much of what the data brings is shown; the first that keeps the message within its limits is used. */
export type Detail = {
  readonly name: number;
  readonly error: number;
  readonly pattern: number;
  readonly listed: number;
  readonly notes: number;
};

export const DETAILS: readonly [Detail, ...Detail[]] = [
  { name: 60, error: 140, pattern: 200, listed: 8, notes: 6 },
  { name: 32, error: 70, pattern: 100, listed: 4, notes: 3 },
  { name: 16, error: 32, pattern: 40, listed: 2, notes: 1 },
];
