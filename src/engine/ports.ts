// What the engine needs from outside, where there is a second side to it. The database is not such a thing: the engine
// knows the store. Only app.ts knows who implements these.
import type { Transactions, Tx } from '../postgres/tx.ts';
import type { Facts } from '../store/judgement.ts';
import type { DueNotification } from '../store/notifications.ts';
import type { Replica } from '../store/replica.ts';
import type { Observer } from './observer.ts';

/**
 * Replays claimed rows: in the row's own transaction (a replayer over an endpoint, which works outside any, will be a
 * second kind). It never decides whether to replay.
 */
export type Replayer = {
  readonly kind: 'in_transaction';
  /**
   * Replays the execution whose row `tx` has claimed, under the project id that the caller gives. `again`: another
   * transaction has just linked the same customer; the caller takes back what the steps left, and now they find it. Sends
   * its statements at once, so that the caller's next ones share their way to the database. What it throws is the outcome:
   * StepFailure where the failure has a name, whatever else the database refused; but not InfrastructureTrouble.
   */
  replay(tx: Tx, facts: Facts, as: ReplayOrder): Promise<'done' | 'again'>;
};

export type ReplayOrder = { readonly batchId: string; readonly projectUuid: string };

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
  readonly clock: Clock;
  /** Told of what was committed, for logs and figures. */
  readonly observe: Observer;
  /** Told after every committed change of a batch, so that what shows it can catch up; never awaited. */
  readonly onChange: (batchId: string) => void;
};
