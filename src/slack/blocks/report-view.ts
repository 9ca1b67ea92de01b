// What the report is drawn from. Data only.

import type { Missing } from '../../domain/customers.ts';
import type { Left } from '../../domain/left.ts';
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Progress } from '../../domain/progress.ts';

/** Where one kind of notification stands: delivered, still to be delivered, given up for an operator to see. */
export type Deliveries = { readonly sent: number; readonly queued: number; readonly parked: number };

export type ReportView = {
  /** Finished or stopped, as its status says. */
  readonly batch: Batch;
  readonly progress: Progress;
  readonly verification: Verification;
  readonly left: Left;
  /** What customers lack, counted at the end. */
  readonly missing: Missing;
  /** Replays that failed with the error that their row had in the plan. */
  readonly originals: number;
  /** Executions that failed like those of the plan since the run began; null where that is not known. */
  readonly newFailures: { readonly count: number; readonly more: boolean } | null;
  /** Whoever approved could not approve it now: no longer mapped, active, or ONRAMP_ADMIN. */
  readonly approverLostRole: boolean;
  /** What is held can't be retried any more. */
  readonly retryOver: boolean;
  readonly brakeOn: boolean;
  /** Customers are owed the news of what was created, and somebody may still have it sent. */
  readonly owes: boolean;
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl?: string | null;
  /** Where the pages of batches are; null where that is not known. */
  readonly pagesAt?: string | null;
  readonly notifications:
    | { readonly kind: 'suppressed' }
    /** They are the endpoint's: what it was asked is known, and no more. */
    | { readonly kind: 'asked'; readonly suppressed: boolean }
    /** `late`: suppressed in the run, and sent since. */
    | {
        readonly kind: 'on' | 'late';
        readonly webhooks: Deliveries;
        readonly emails: Deliveries;
      };
};

/** How many lines of a list, and how many words and characters of what the data brings. */
export type Room = {
  readonly lines: number;
  readonly words: number;
  readonly text: number;
  /** Without what the thread says, too. */
  readonly isBare?: boolean;
  /** Of what is missing only what is missing still. */
  readonly isBrief?: boolean;
  /** Where that is not enough: sums instead of their parts. */
  readonly isShort?: boolean;
  /** Where even that is not: without who made the replays, which the thread says, too. */
  readonly isLeast?: boolean;
};
