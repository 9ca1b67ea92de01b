// What canaries and breakers need: which rows go first, which are kept back, and which runs nobody answers.

import type { Tx } from '../postgres/tx.ts';
import type { Observed } from './run/breaker.ts';

/** A vendor's rows that failed alike, of which one goes first. */
export type Canary = { readonly vendorId: number; readonly errorGroup: string; readonly position: number };

export interface Holds {
  /** Chooses the canaries of a run: for each of the largest groups that has no verdict yet, its first open row. */
  chooseCanaries(tx: Tx, batchId: string, most: number): Promise<void>;
  /** Canaries that have no verdict yet. */
  pendingCanaries(tx: Tx, batchId: string): Promise<Canary[]>;
  /** What the canary's row came to: its replay verified by project and history entry, failed, or without a replay. */
  canaryOutcome(tx: Tx, batchId: string, canary: Canary): Promise<CanaryOutcome>;
  /** Compare-and-set: writes the group's verdict; false where another process did. */
  judgeGroup(tx: Tx, batchId: string, canary: Canary, verdict: 'passed' | 'held'): Promise<boolean>;
  /** The next open row of the group becomes its canary; false where it has none left. */
  nextCanary(tx: Tx, batchId: string, canary: Canary): Promise<boolean>;
  /** How the verdicts of a run stand. */
  verdicts(tx: Tx, batchId: string): Promise<{ passed: number; held: number; pending: number }>;
  /** Keeps back a vendor's open rows, of one error group or all; answers how many. */
  hold(tx: Tx, held: HeldRows): Promise<number>;
  /**
   * What replays of the run came to, in whichever process, newest first, without the canaries: those among its latest
   * `events` events, back to where it was last paused or let go on.
   */
  latestReplays(tx: Tx, batchId: string, events: number): Promise<Observed[]>;
  /** Gives everything that is held its turn again, with so many new canaries at most. Answers how many rows. */
  release(tx: Tx, batchId: string, canaries: number): Promise<number>;
  /** Runs that paused themselves and that nobody has answered: those to remind of, and those to stop. */
  unanswered(tx: Tx, remindAfterSeconds: number, stopAfterSeconds: number): Promise<Unanswered[]>;
  /** Compare-and-set: notes that the run was reminded of. */
  reminded(tx: Tx, batchId: string): Promise<boolean>;
}

export type CanaryOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'open' };

export type HeldRows = {
  readonly batchId: string;
  readonly vendorId: number;
  readonly errorGroup: string | null;
  readonly because: string;
};

export type Unanswered = { readonly batchId: string; readonly due: 'reminder' | 'stop' };
