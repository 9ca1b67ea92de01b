// How many rows the plans have that wait for an approval: what anybody in the workspace may make the database store.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

/** A plan that waits, and its rows; the largest come first. */
export type WaitingPlan = { readonly batchId: string; readonly rows: number; readonly own: boolean };

/** Any number, the same in every process: plans are stored one after the other, or two would both just fit. */
const QUOTA_LOCK = 4_887_026;

/**
 * Waits for its turn, which the transaction's end gives back, and answers every plan that waits, with whether Slack user
 * `userId` asked for it. Throws as `Tx.query` does.
 */
export async function waitingPlans(tx: Tx, userId: string): Promise<WaitingPlan[]> {
  await tx.query('select pg_advisory_xact_lock($1)', [QUOTA_LOCK]);
  return rows(
    tx,
    z.object({ batchId: z.string(), rows: z.number(), own: z.boolean() }),
    `select id as "batchId", (summary ->> 'matched')::bigint as rows, requested_by ->> 'userId' = $1 as own
     from retry_batch.batches where status = 'waiting' order by 2 desc`,
    [userId],
  );
}
