// What a dry run is asked for with, and what becomes of the asking.
import type { Actor } from '../../domain/person.ts';
import type { Batch, SlackPlace } from '../../domain/plan.ts';
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import type { Around } from '../../store/around.ts';
import type { WaitingPlan } from '../../store/plan-quota.ts';
import type { VendorRamp } from '../../store/plan-summary.ts';

export type Ask = {
  readonly request: RetryRequest;
  readonly by: Actor;
  /** Slack: the plan waits for an approval there. HTTP: a preview, or at once a run of this process. */
  readonly door:
    | {
        readonly kind: 'slack';
        readonly place: SlackPlace;
        readonly notes: NotesOn;
        /** Of a button: where the same is asked for in this channel already, nothing is planned. */
        readonly once?: boolean;
        /** Of a form: of the same form there is one dry run. */
        readonly draft?: FormDraft;
        /** Of a reading: it is used up by this dry run, or nothing is planned. */
        readonly readingId?: string;
      }
    | { readonly kind: 'http'; readonly worker: string };
  /** Nothing was said of notifications: of a batch's rest they are what they were there. */
  readonly inheritsNotifications?: boolean;
};

/** The form that it was filled in on, and the dry run in whose place it is asked for. */
export type FormDraft = { readonly id: string; readonly replaces: string | null };

/** What the plan shows of how it was asked for. */
export type Findings = {
  /** Hand-picked executions that are not there. */
  readonly notFound: readonly string[];
  /** Rows whose error is of the type that was given for its text, where no message has that text. */
  readonly ofType: number;
};

/** What the message says besides the plan. */
export type NotesOn = (findings: Findings) => readonly string[];

export type Planned = {
  readonly kind: 'planned';
  readonly batch: Batch;
  /** Hand-picked executions that are not there. */
  readonly notFound: readonly string[];
  /** The whole blast radius, largest first; empty for Slack, whose message shows the summary's. */
  readonly pairs: readonly VendorRamp[];
  /** Of a window in Slack in which nothing matches: what is there besides. */
  readonly around: Around | null;
};

export type Previewed =
  | Planned
  | { readonly kind: 'mistakes'; readonly issues: readonly RequestIssue[] }
  | { readonly kind: 'too_many'; readonly maxRows: number }
  | { readonly kind: 'too_slow'; readonly timeoutSeconds: number }
  /** Others are being planned: this person's own, or as many as a process plans at a time. */
  | { readonly kind: 'busy'; readonly whose: 'own' | 'all' }
  /** By this batch; null where that one is just being planned. */
  | { readonly kind: 'asked_already'; readonly batchId: string | null }
  /** Another dry run was made of this reading, or is just being planned. */
  | { readonly kind: 'reading_used' }
  | OverQuota;

type OverQuota = {
  readonly kind: 'over_quota';
  readonly whose: 'own' | 'all';
  readonly rows: number;
  readonly limit: number;
  /** Those that wait, the largest first. */
  readonly waiting: readonly WaitingPlan[];
};
