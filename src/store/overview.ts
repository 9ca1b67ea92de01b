// Which batches somebody is shown outside of their threads: those that are open, and those that ended last. Reads only.
import { z } from 'zod';
import { OPEN_STATUSES } from '../domain/batch.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

/** The Slack user whose own batches are meant; null: everybody's. */
export type Whose = { readonly userId: string } | null;

const OWN = `($1::text is null or (requested_by ->> 'kind' = 'slack' and requested_by ->> 'userId' = $1))`;

/** Ids of batches that have not ended, the newest first, at most `limit`, and how many there are. Throws as `Tx.query` does. */
export async function openBatches(
  tx: Tx,
  whose: Whose,
  limit: number,
): Promise<{ readonly ids: readonly string[]; readonly all: number }> {
  const { ids } = await row(
    tx,
    z.object({ ids: z.array(z.string()) }),
    `select array(select id::text from retry_batch.batches where status = any ($2) and ${OWN}
       order by requested_at desc, id) as ids`,
    [whose?.userId ?? null, OPEN_STATUSES],
  );
  return { ids: ids.slice(0, limit), all: ids.length };
}

/** Ids of the batches that ended last, the last one first, at most `limit`. Throws as `Tx.query` does. */
export async function lastEnded(tx: Tx, whose: Whose, limit: number): Promise<readonly string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `select id from retry_batch.batches where ended_at is not null and ${OWN} order by ended_at desc, id limit $2`,
    [whose?.userId ?? null, limit],
  );
  return found.map(({ id }) => id);
}
