// A call as it is remembered, and the faults that waited for it.
import type { CallFault, Fault, RowFault } from './faults.ts';

export type OrderedFault = {
  readonly id: string;
  readonly fault: Fault /** Null: until removed. */;
  left: number | null;
};

export type Answered =
  | { readonly kind: 'sent'; readonly status: number; readonly body: unknown }
  /** The connection was cut; the status where headers had gone out. */
  | { readonly kind: 'cut'; readonly status: number | null };

export type Call = {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  readonly url: string;
  /** As JSON; the text where it is none. */
  readonly body: unknown;
  /** The faults that struck it. */
  faults: readonly Fault['kind'][];
  /** Each row whose turn came, committed. `untouched`: somebody else had its lock, or it was refused silently. */
  readonly rows: { readonly execution_uuid: string; readonly outcome: string }[];
  /** Null: it never answered, or has not yet. */
  answer: Answered | null;
  answered_at: string | null;
  /** Whether the caller had gone before the answer. */
  hung_up: boolean;
};

export type Strikes = { readonly call: CallFault | undefined; readonly rows: readonly RowFault[] };
