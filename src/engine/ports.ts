// What the engine needs from outside, where there is a second side to it. The database is not such a thing: the engine
// knows the store. Only app.ts knows who implements these.
import type { ReplayedBy } from '../domain/plan.ts';
import type { Named } from '../domain/sent-row.ts';
import type { SentryAnswer, SentryQuestion } from '../domain/sentry.ts';
import type { Transactions, Tx } from '../postgres/tx.ts';
import type { Facts } from '../store/judgement.ts';
import type { DueNotification, NotificationContent } from '../store/notifications.ts';
import type { Replica } from '../store/replica.ts';
import type { Observer } from './observer.ts';

/** Makes the replays, in one of two ways. It never decides whether to replay. */
export type Replayer = RowReplayer | EndpointReplayer;

/** As a batch that is planned for it has it. */
export function replayedBy({ kind }: Replayer): ReplayedBy {
  return kind === 'endpoint' ? 'endpoint' : 'database';
}

/** Replays claimed rows, each in its own transaction. */
export type RowReplayer = {
  readonly kind: 'in_transaction';
  /**
   * Replays the execution whose row `tx` has claimed, under the project id that the caller gives. `again`: another
   * transaction has just linked the same customer; the caller takes back what the steps left, and now they find it. Sends
   * its statements at once, so that the caller's next ones share their way to the database. What it throws is the outcome:
   * StepFailure where the failure has a name, whatever else the database refused; but not InfrastructureTrouble.
   */
  replay(tx: Tx, facts: Facts, as: ReplayOrder): Promise<'done' | 'again'>;
  /** What a replay of this execution tells its customer of its project; null where nothing can be made of its version. */
  newsOf(execution: ToTellOf, projectUuid: string): NewsOf | null;
};

/** What the news are made of. */
export type ToTellOf = Pick<
  Facts,
  'executionUuid' | 'vendorId' | 'rampUuid' | 'workflowVersion' | 'definition' | 'triggerPayload'
>;

/** But for what the project itself says. */
export type NewsOf = Omit<NotificationContent, 'account_id' | 'created_at'>;

/** Has the application replay rows, outside any transaction. What became of them is read from the tables, not from its answer. */
export type EndpointReplayer = {
  readonly kind: 'endpoint';
  /** How people know it: `app.example.com`. */
  readonly host: string;
  /** How long one call may take. */
  readonly timeoutSeconds: number;
  /**
   * Calls once. Does not write its request after `sendBefore`, on the clock's monotonic scale: a process that was stopped in
   * between must not send what others have settled. Never throws.
   */
  call(order: CallOrder, sendBefore: number): Promise<CallAnswer>;
  /** Asks for one row's dry run; the sentence that says why it was refused or is away, or null. Never throws. */
  ask(executionUuid: string): Promise<string | null>;
  /** How the last call went, for the health page, in the words that Slack has there: `ok`, or `degraded: …`. */
  status(): string;
};

export type CallOrder = {
  readonly executionUuids: readonly string[];
  readonly suppressNotifications: boolean;
  readonly errorPattern: string | null;
  readonly forceRetry: boolean;
};

/** How a call ended; `why` and `says` are sentences for people, with nothing of a body that isn't the endpoint's own JSON. */
export type CallAnswer =
  /** Nothing has reached the application. */
  | { readonly kind: 'not_sent'; readonly why: string }
  | { readonly kind: 'answered'; readonly status: number; readonly named: ReadonlyMap<string, Named> }
  /** 429 and 503. */
  | { readonly kind: 'busy'; readonly status: number; readonly retryAfterSeconds: number | null }
  /** Every other refusal: it will be the same the next time. */
  | { readonly kind: 'refused'; readonly status: number; readonly says: string }
  /** The application may still be working: a time-out, a cut connection, 5xx, an answer that isn't JSON. */
  | { readonly kind: 'lost'; readonly status: number | null; readonly why: string };

export type ReplayOrder = { readonly batchId: string; readonly projectUuid: string };

/** Sentry, where it is configured. */
export type Sentry = {
  /** Why an issue that was named can't be one of this Sentry's, as what is said of the field; null where it can. */
  problemOf(named: string): string | null;
  /** Asks, for at most `patienceMs`. Never throws. */
  ask(question: SentryQuestion, patienceMs: number): Promise<SentryAnswer>;
};

export interface Runs {
  /**
   * Queues "go on with this batch" in the caller's transaction: no job without the change, no change without the job.
   * Throws as `Tx.query` does.
   */
  enqueue(tx: Tx, batchId: string): Promise<void>;
}

export interface Deliveries {
  /**
   * Queues the delivery of stored notifications in the caller's transaction: a rolled-back replay notifies nobody. Throws
   * as `Tx.query` does.
   */
  enqueue(tx: Tx, notificationIds: readonly string[], afterSeconds?: number): Promise<void>;
}

export type Sent =
  | { readonly kind: 'delivered'; readonly warning?: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly permanent: boolean;
      /** Not before so many seconds, as the receiver wishes; how far it is followed is the engine's. */
      readonly retryAfterSeconds?: number;
    };

export interface Sender {
  /** One try of delivering, under the notification's id; a failure is a value. */
  send(notification: DueNotification): Promise<Sent>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds on a scale that nobody sets. */
  monotonic(): number;
  /** Resolves after so many milliseconds, or at once when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type EnginePorts = {
  readonly db: Transactions;
  /** Classifies dry runs where it is up to date; null where there is none. */
  readonly replica: Replica | null;
  readonly replayer: Replayer;
  readonly runs: Runs;
  readonly deliveries: Deliveries;
  readonly sender: Sender;
  /** Null where it is not configured. */
  readonly sentry: Sentry | null;
  readonly clock: Clock;
  /** Told of what was committed, for logs and figures. */
  readonly observe: Observer;
  /** Told after every committed change of a batch, so that what shows it can catch up; never awaited. */
  readonly onChange: (batchId: string) => void;
};
