// Deliveries from Slack that were taken: the same one again does nothing.
import type { Tx } from '../postgres/tx.ts';

/** Notes a delivery by its keys (signature, trigger id); false where one of them was seen before. Throws as `Tx.query` does. */
export async function isFirst(tx: Tx, keys: readonly string[]): Promise<boolean> {
  const noted = await tx.query(
    `insert into retry_batch.slack_deliveries (key) select unnest($1::text[]) on conflict do nothing`,
    [[...keys]],
  );
  return noted.rowCount === keys.length;
}

/** Forgets deliveries that are too old to come again. Throws as `Tx.query` does. */
export async function forget(tx: Tx): Promise<void> {
  await tx.query(`delete from retry_batch.slack_deliveries where seen_at < now() - interval '1 day'`);
}
