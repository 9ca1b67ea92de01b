// What the doors need to show a batch: pages of its rows, and how far its thread has come. One sentence each.
import type { RecordedEvent } from '../domain/audit.ts';
import type { BatchStatus } from '../domain/batch.ts';
import type { Verification } from '../domain/outcome.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../domain/plan.ts';
import type { Progress } from '../domain/progress.ts';
import type { Tx } from '../postgres/tx.ts';

/** Rows of a plan between two positions, both included, in the plan's order. */
export type Page = { readonly batchId: string; readonly first: number; readonly last: number };

export interface Lists {
  eligible(tx: Tx, page: Page): Promise<EligibleRow[]>;
  /** Skipped by the plan; their positions follow the eligible ones'. */
  skipped(tx: Tx, page: Page): Promise<SkippedRow[]>;
  /** Eligible rows and what became of them. */
  results(tx: Tx, page: Page): Promise<ResultRow[]>;
  /** Other batches that wait or run and have eligible rows in common with this one. */
  overlaps(tx: Tx, batchId: string): Promise<Overlap[]>;
  /** Executions in ERROR that came after the plan's window was pinned and that its request would match now. */
  newer(tx: Tx, batchId: string): Promise<number>;
}

/** More failures than this are not counted: "more than" is as good a reason to ask again. */
export const MAX_NEWER = 1000;

export type Overlap = { readonly batchId: string; readonly status: BatchStatus; readonly rows: number };

/** What Slack shows of a batch so far. Message timestamps are Slack's, as text. */
export type Thread = {
  readonly batchId: string;
  readonly channelId: string;
  readonly notes: readonly string[];
  readonly messageTs: string | null;
  readonly messageShows: string | null;
  readonly progressTs: string | null;
  readonly progressShows: string | null;
  /** When a running batch's figures were last edited in place. */
  readonly editedAt: Date | null;
  readonly listsPosted: number;
  readonly reportPosted: number;
  readonly postedEventId: number;
  /** The piece that was last on its way to Slack; null once Slack has confirmed or refused it. */
  readonly sending: string | null;
  /** Slack was away for longer than a moment since the thread was last complete. */
  readonly heldUp: boolean;
  /** The batch's status that the channel message, or the thread in its place, last told; the same of the bar. */
  readonly messageTold: string | null;
  readonly progressTold: string | null;
  /** Messages of this batch in the channel besides `messageTs`, as far as a click made them known. */
  readonly messageCopies: readonly string[];
  /** The report that still has a button, and as JSON what it shows when the button's time is over. */
  readonly reportTs: string | null;
  readonly reportLater: string | null;
  /** The last event that the requester was told of privately, or could not be: then `untold` says why. */
  readonly privateEventId: number;
  readonly untold: string | null;
  readonly failures: number;
};

export type ThreadChange = Partial<
  Omit<Thread, 'batchId' | 'channelId' | 'notes' | 'failures' | 'messageCopies'>
>;

export interface Threads {
  /** Threads that may lag behind their batch, the longest waiting first. */
  due(tx: Tx, limit: number): Promise<string[]>;
  /** Compare-and-set: one process at a time brings a thread up to date, and none before a failed try's pause is over. */
  lease(tx: Tx, batchId: string, seconds: number): Promise<Thread | undefined>;
  /** Says that the process that leased the thread is alive and still at it. */
  renew(tx: Tx, batchId: string, seconds: number): Promise<void>;
  save(tx: Tx, batchId: string, change: ThreadChange): Promise<void>;
  /**
   * Gives the lease back. The thread is due again after so many seconds, or never by itself (null); at once, if an
   * event came after `seenEventId` while it was leased.
   */
  release(
    tx: Tx,
    batchId: string,
    left: { seenEventId: number; seconds: number | null; failure: string | null },
  ): Promise<void>;
  /** Notes a message of the batch in its channel that a click came from; nothing where it is known. */
  addCopy(tx: Tx, batchId: string, channelId: string, ts: string): Promise<void>;
  /** Something happened: due now. */
  wake(tx: Tx, batchId: string): Promise<void>;
  /** The batch's edges after an event, oldest first. */
  edges(tx: Tx, batchId: string, afterEventId: number, limit: number): Promise<RecordedEvent[]>;
  /** What became of the notifications of a batch, by kind. */
  notified(tx: Tx, batchId: string): Promise<{ webhooks: NotificationCounts; emails: NotificationCounts }>;
}

export type NotificationCounts = { readonly sent: number; readonly queued: number; readonly parked: number };

export interface SlackDeliveries {
  /** Notes a delivery by its keys (signature, trigger id); false where one of them was seen before. */
  first(tx: Tx, keys: readonly string[]): Promise<boolean>;
  /** Forgets deliveries that are too old to come again. */
  forget(tx: Tx): Promise<void>;
}

export interface Reports {
  /** The batch's rows counted as they stand. */
  progress(tx: Tx, batchId: string): Promise<Progress>;
  /** What each chunk of `size` rows between two positions came to, and its error groups that no earlier row had. */
  chunks(
    tx: Tx,
    batchId: string,
    span: { readonly first: number; readonly last: number; readonly size: number },
  ): Promise<ChunkReport[]>;
  /** The closing equation, counted from the batch's rows and again from or_projects and or_workflow_history. */
  verify(tx: Tx, batchId: string): Promise<Verification>;
  /** What that was when the batch last ended, out of the audit trail; null where it hasn't. */
  closing(tx: Tx, batchId: string): Promise<Verification | null>;
}

export type ChunkReport = {
  /** Its number, from 1. */
  readonly chunk: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notReached: number;
  /** Locked at their turn: they come again at the end. */
  readonly putOff: number;
  /** Without an outcome and not put off: still in somebody's hands. */
  readonly open: number;
  readonly newFailures: readonly {
    readonly group: string;
    readonly count: number;
    readonly example: string;
  }[];
};
