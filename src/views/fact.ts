// What a terminal and a page say of a batch, a fact at a time.
import type { Table } from './table.ts';

/** One thing that is known of a batch. */
export type Fact = {
  /** What it is about; a sentence without one stands for itself. */
  readonly name: string | null;
  readonly says: string;
  /** The two make one sentence: no colon between them. */
  readonly isSentence?: true;
  readonly isAlarm?: true;
  /** More of it, a line each. */
  readonly below?: readonly string[];
  readonly table?: Table;
};
