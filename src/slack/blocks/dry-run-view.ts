// What the dry-run message is drawn from, from the first posting to the end of the run. Data only.
import type { BatchStatus } from '../../domain/batch.ts';
import type { Newer } from '../../domain/newer.ts';
import type { Tally, Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Progress } from '../../domain/progress.ts';
import type { Links } from './batch-name.ts';

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

/** Another batch that may still replay some of this one's eligible rows, and how many; a finished one holds them. */
export type Overlap = { readonly batchId: string; readonly status: BatchStatus; readonly rows: number };

export type DryRunView = {
  readonly batch: Batch;
  readonly headline: Headline;
  readonly overlaps: readonly Overlap[];
  readonly brakeOn: boolean;
  readonly secondPersonRequired: boolean;
  /** How times and fields were read, one sentence each; warnings are marked (`notes.ts`). */
  readonly notes: readonly string[];
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl?: string | null;
  /** Where the pages of batches are; null where that is not known. */
  readonly pagesAt?: string | null;
  /** Addresses of the other batches that it names. */
  readonly links?: Links;
  /** Executions that match the request now and were not there at the dry run. */
  readonly newerMatches?: Newer;
  /** Who can approve, by name: the first few, and how many there are. */
  readonly approvers?: { readonly names: readonly string[]; readonly all: number };
};

/** How much of what the data brings stands in the channel; the first that keeps to 120 words and the other limits is used. */
export type Room = {
  readonly customers: number;
  /** Letters and words of a name, of the error asked for, and of other texts. */
  readonly name: readonly [letters: number, words: number];
  readonly error: readonly [letters: number, words: number];
  readonly other: readonly [letters: number, words: number];
  readonly host: readonly [letters: number, words: number];
  readonly approvers: number;
  readonly notes: number;
  /** Whether keys in the reason are links. */
  readonly links: boolean;
  /** Whether the window is told in the reader's time, too. */
  readonly ownTime: boolean;
  readonly warnings: 'sentences' | 'words';
  /** Whether there is room for the reason, the endpoint, and what is left alone, which the first reply tells as well. */
  readonly background: boolean;
};

const FULL: Room = {
  customers: 4,
  name: [30, 8],
  error: [60, 20],
  other: [100, 15],
  host: [60, 3],
  approvers: 5,
  notes: 2,
  links: true,
  ownTime: true,
  warnings: 'sentences',
  background: true,
};

const BARE: Room = {
  ...FULL,
  customers: 1,
  name: [12, 2],
  error: [20, 2],
  other: [20, 2],
  host: [40, 1],
  approvers: 0,
  notes: 0,
  links: false,
  ownTime: false,
  warnings: 'words',
};

const BRIEF: Room = {
  ...FULL,
  customers: 3,
  name: [20, 3],
  error: [40, 6],
  other: [40, 6],
  approvers: 2,
  notes: 1,
};

/** What gives an admin pause is said in sentences for as long as anything else can be shorter. */
export const ROOMS: readonly [Room, ...Room[]] = [
  FULL,
  { ...FULL, name: [30, 5], error: [60, 10], other: [60, 8], approvers: 3 },
  BRIEF,
  { ...BRIEF, customers: 2, approvers: 1, ownTime: false },
  { ...BRIEF, warnings: 'words' },
  BARE,
  { ...BARE, background: false },
];

/** How much the first reply shows of texts; the first that keeps it within Slack's limits is used. */
export type Detail = {
  readonly name: number;
  readonly error: number;
  readonly pattern: number;
  readonly listed: number;
  readonly notes: number;
};

export const DETAILS: readonly [Detail, ...Detail[]] = [
  { name: 60, error: 140, pattern: 500, listed: 8, notes: 8 },
  { name: 32, error: 70, pattern: 100, listed: 4, notes: 3 },
  { name: 16, error: 32, pattern: 40, listed: 2, notes: 1 },
];
