// What is told of what was committed, for logs and figures: after the commit, and nothing waits for it.
import type { AuditEvent } from '../domain/audit.ts';

export type Observed =
  /** An event of the audit trail but for the single replays. */
  | { readonly kind: 'edge'; readonly event: AuditEvent }
  | {
      readonly kind: 'replay';
      readonly batchId: string;
      readonly executionUuid: string;
      readonly outcome: 'success' | 'error' | 'skipped';
      /** The error's type, or why it was skipped; null for a success. */
      readonly reason: string | null;
      /** From taking the row to the commit. */
      readonly seconds: number;
    }
  /** A call of the application's endpoint, and how it ended. */
  | {
      readonly kind: 'call';
      readonly batchId: string;
      readonly callId: string;
      readonly rows: number;
      /** Of its answer; `no_answer`, or `not_sent`. */
      readonly status: string;
      readonly seconds: number;
    }
  | { readonly kind: 'not_reached'; readonly batchId: string; readonly rows: number }
  /** A dry run that was planned, or a plan that was given up with nothing stored. */
  | { readonly kind: 'planning'; readonly stored: boolean; readonly seconds: number };

/** Must not throw; `safely` makes sure of it. */
export type Observer = (observed: Observed) => void;

/** All of `observers`, one after the other; what one of them throws is told to `onTrouble` and changes nothing. */
export function safely(observers: readonly Observer[], onTrouble: (error: unknown) => void): Observer {
  return (observed) => {
    for (const observer of observers) {
      try {
        observer(observed);
      } catch (error) {
        onTrouble(error);
      }
    }
  };
}
