// What the engine needs from outside: one sentence each. Adapters implement these; only app.ts knows them all.
import type { Actor, AuditEvent } from '../domain/audit.ts';
import type { BatchStatus } from '../domain/batch.ts';
import type { Instant } from '../domain/instant.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Batch, Door, PlanSummary, SlackPlace } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import type { Line, Tx } from '../postgres/tx.ts';
import type { Identity } from './decide/authorize.ts';
import type { Holds } from './hold-ports.ts';
import type { Deliveries, Notifications, Sender } from './notification-ports.ts';
import type { Plans } from './plan-ports.ts';
import type { Pruning } from './prune-ports.ts';
import type { Replayer } from './replay-ports.ts';
import type { Lists, Reports, SlackDeliveries, Threads } from './view-ports.ts';

export type * from './hold-ports.ts';
export type * from './notification-ports.ts';
export type * from './plan-ports.ts';
export type * from './prune-ports.ts';
export type * from './replay-ports.ts';
export type * from './view-ports.ts';

export interface Transactions {
  /** Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Transactions one after the other, each opened behind the COMMIT of the one before where that one wants it. */
  line<Opened>(): Line<Opened>;
  /** The same for planning, which may take as long as the operator allowed a dry run. */
  planning<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Single statements, each its own transaction. */
  readonly autocommit: Tx;
}

export type NewBatch = {
  readonly id: string;
  readonly door: Door;
  readonly status: BatchStatus;
  readonly request: RetryRequest;
  readonly window: { readonly since: Instant; readonly until: Instant } | null;
  readonly configErrorTypes: readonly string[];
  readonly summary: PlanSummary;
  readonly requestedBy: Actor;
  /** Minutes until it can't be approved any more; null where nobody has to approve. */
  readonly ttlMinutes: number | null;
  readonly chunkSize: number;
  readonly worker: string | null;
  readonly slack: (SlackPlace & { readonly notes: readonly string[] }) | null;
};

export type StatusChange = {
  readonly batchId: string;
  readonly to: BatchStatus;
  readonly from: readonly BatchStatus[];
  /** Who decided or holds; stored where the new status has a place for it. */
  readonly by: Actor;
  /** Why the run holds itself, as a sentence; nothing where a person decided. */
  readonly why?: string;
};

export interface Batches {
  insert(tx: Tx, batch: NewBatch): Promise<Batch>;
  find(tx: Tx, batchId: string): Promise<Batch | undefined>;
  /** Compare-and-set: moves the batch if it is in one of `from` (and, to be approved, not past its time). */
  move(tx: Tx, change: StatusChange): Promise<Batch | undefined>;
  /** Waiting batches whose time has come. */
  overdue(tx: Tx): Promise<string[]>;
  /** Runs over HTTP whose process has not been heard of for `silentSeconds`. */
  abandonedCalls(tx: Tx, silentSeconds: number): Promise<string[]>;
  /** Runs of Slack that have work left; several processes share one. */
  active(tx: Tx): Promise<string[]>;
  /** Makes `worker` one of those that work on the run; undefined where there is nothing to do any more. */
  takeUp(tx: Tx, batchId: string, worker: string, silentSeconds: number): Promise<TakenUp | undefined>;
  /** Says that `worker` is alive and working on the run; false where the run is no longer its own. */
  beat(tx: Tx, batchId: string, worker: string): Promise<boolean>;
  /** Strikes off those that work on the run besides `worker` and went silent; answers how many. Each is told to one caller. */
  dropSilent(tx: Tx, batchId: string, worker: string, silentSeconds: number): Promise<number>;
  /** Gives the run back, so that another process need not wait to take it over. */
  release(tx: Tx, batchId: string, worker: string): Promise<void>;
  /** Compare-and-set: counts chunks as done, `to` where `from` were; false where somebody else did, or ended the run. */
  countChunks(tx: Tx, batchId: string, from: number, to: number): Promise<boolean>;
  /** How many chunks are counted as done. */
  chunksDone(tx: Tx, batchId: string): Promise<number>;
}

export type TakenUp = {
  readonly batch: Batch;
  readonly chunkSize: number;
  readonly chunksDone: number;
  /** Just approved; stopped before that; let go on by an operator; left behind by silent processes; or shared. */
  readonly cause: 'approved' | 'stopped' | 'resumed' | 'abandoned' | 'shared';
};

/** One eligible row of a plan whose turn it is, locked by the transaction that took it. */
export type Turn = {
  readonly batchId: string;
  readonly position: number;
  readonly executionId: number;
  readonly executionUuid: string;
  readonly vendorId: number;
  /** Whether the execution is claimed too; false where somebody else holds it, or it is gone. */
  readonly claimed: boolean;
};

/** Which turns to take: positions from `first` to `last`; rows that were locked at their turn, or the others. */
export type TurnRange = {
  readonly batchId: string;
  readonly first: number;
  readonly last: number;
  readonly locked: boolean;
  /** Vendors that have as many replays going as they may. */
  readonly busyVendors: readonly number[];
};

/** What a replay works on, read under the lock by the statement that judges. */
export type Facts = {
  readonly reason: SkipReason | null;
  readonly executionId: number;
  readonly executionUuid: string;
  readonly vendorId: number;
  readonly rampId: number;
  readonly rampUuid: string;
  readonly rampVendorId: number;
  readonly workflowVersion: number;
  /** The version's definition, null where there is no such version. */
  readonly definition: unknown;
  /** The payload as JSON text, so that large numbers keep all their digits. */
  readonly triggerPayload: string;
  readonly integration: { readonly provider: string; readonly tokenRevoked: boolean } | null;
  readonly suppressNotifications: boolean;
  readonly webhook: boolean;
  readonly email: boolean;
};

/**
 * The first three are sent in one flight: what the first has claimed, Postgres hands to the other two within the
 * transaction. Where it has claimed nothing they do nothing.
 */
export interface Turns {
  /**
   * Locks the next row of the range that has no outcome, skipping what others hold and the positions of `except`; none
   * while the batch is held or the brake is on. Then, statement 1 of the contract, claims its execution.
   */
  take(tx: Tx, range: TurnRange, except?: readonly number[]): Promise<Turn | undefined>;
  /** Statement 2: waits for other replays of the same trigger. */
  lockTrigger(tx: Tx): Promise<void>;
  /** Statement 3: judges again under the locks and reads what the replay needs. */
  judge(tx: Tx, batchId: string): Promise<Facts | undefined>;
  /** What was found, for a reason that the judgement gave; empty where it has passed since. */
  evidence(tx: Tx, batchId: string, reason: SkipReason): Promise<string>;
  /** Whether the execution exists at all. */
  exists(tx: Tx, turn: Turn): Promise<boolean>;
  savepoint(tx: Tx): Promise<void>;
  rollbackToSavepoint(tx: Tx): Promise<void>;
  /** Writes the outcome of a replay that ran the steps: execution, history, plan row and audit event. */
  recordReplay(tx: Tx, turn: Turn, outcome: Replayed, actor: Actor): Promise<{ errorGroup: string | null }>;
  /** Writes that the row was left alone at its turn: plan row and audit event, nothing else. */
  recordSkip(tx: Tx, turn: Turn, reason: SkipReason, detail: string, actor: Actor): Promise<void>;
  /** Puts a locked row off to the end of the run. */
  putOff(tx: Tx, turn: Turn): Promise<void>;
  /** Counts the row as not reached, with why. */
  giveUp(tx: Tx, turn: Pick<Turn, 'batchId' | 'position'>, why: string): Promise<void>;
  /** What the row's outcome is now, for a caller that never got the answer to its COMMIT. */
  outcomeOf(
    tx: Tx,
    batchId: string,
    position: number,
  ): Promise<{ outcome: string | null; errorGroup: string | null }>;
  /** Rows without an outcome: those put off, those held, and the rest. */
  open(tx: Tx, batchId: string): Promise<{ putOff: number; held: number; others: number }>;
  /** Every row without an outcome is not reached; waits for the ones in hand. Returns how many. */
  giveUpRest(tx: Tx, batchId: string, why: string): Promise<number>;
}

export type Replayed = Exclude<Outcome, { kind: 'skipped' }>;

export interface Audit {
  /** Adds an event in the caller's transaction, so that it stands exactly if the act does. */
  add(tx: Tx, event: AuditEvent): Promise<void>;
}

export interface Identities {
  /** The live mapping of a Slack person, with their user's standing now; undefined where there is none. */
  find(tx: Tx, teamId: string, userId: string): Promise<Identity | undefined>;
}

export interface Brake {
  isOn(tx: Tx): Promise<boolean>;
}

export interface Runs {
  /** Queues "go on with this batch" in the caller's transaction: no job without the change, no change without the job. */
  enqueue(tx: Tx, batchId: string): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type EnginePorts = {
  readonly db: Transactions;
  readonly plans: Plans;
  readonly batches: Batches;
  readonly turns: Turns;
  readonly holds: Holds;
  readonly replayer: Replayer;
  readonly audit: Audit;
  readonly reports: Reports;
  readonly lists: Lists;
  readonly identities: Identities;
  readonly brake: Brake;
  readonly threads: Threads;
  readonly slackDeliveries: SlackDeliveries;
  readonly runs: Runs;
  readonly deliveries: Deliveries;
  readonly notifications: Notifications;
  readonly sender: Sender;
  readonly pruning: Pruning;
  readonly clock: Clock;
  /** Told after every committed change of a batch, so that what shows it can catch up; never awaited. */
  readonly onChange: (batchId: string) => void;
};
