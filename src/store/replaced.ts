// A dry run that was asked for in another one's place.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';

/** The dry run in whose place `batchId` was asked for, while it still waits. Throws as `Tx.query` does. */
export async function stillWaiting(tx: Tx, batchId: string): Promise<string | undefined> {
  const found = await maybeRow(
    tx,
    z.object({ id: z.string() }),
    `select old.id from retry_batch.batches b
     join retry_batch.batches old on old.id = b.replaces and old.status = 'waiting' where b.id = $1`,
    [batchId],
  );
  return found?.id;
}

/** Says in the old one which took its place. Throws as `Tx.query` does. */
export async function note(tx: Tx, oldId: string, by: string): Promise<void> {
  await tx.query(`update retry_batch.batches set replaced_by = $2 where id = $1`, [oldId, by]);
}
