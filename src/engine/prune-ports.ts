// What pruning needs: old batches one at a time, and their rows in bites. One sentence each.
import type { Tx } from '../postgres/tx.ts';

/** A batch whose lists go, and where it could be read in Slack. */
export type Prunable = {
  readonly batchId: string;
  /** Nothing of it has gone yet. */
  readonly isFirstBite: boolean;
  readonly channelId: string | null;
  readonly messageTs: string | null;
};

export interface Pruning {
  /** Locks and marks one batch that ended more than so many days ago and still has lists; one caller gets it. */
  next(tx: Tx, afterDays: number): Promise<Prunable | undefined>;
  /** Removes up to `most` rows of its plan; behind the last one everything else but the batch and its audit trail. */
  clear(tx: Tx, batchId: string, most: number): Promise<void>;
  /** Removes up to `most` notifications that were delivered more than so many days ago. */
  forgetDelivered(tx: Tx, afterDays: number, most: number): Promise<void>;
}
