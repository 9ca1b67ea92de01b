// Readings of what somebody typed, kept until their person has one run: in the database, so that whichever process the click
// comes to knows it.
import { z } from 'zod';
import { completeRequest, type RetryRequest } from '../domain/request.ts';
import { maybeRow, row, type Tx } from '../postgres/tx.ts';

/** How long a reading can be run; what counts is the database's clock. */
export const KEPT_MINUTES = 30;

/** A request as it was read, and what was read into it. */
export type Reading = { readonly request: RetryRequest; readonly notes: readonly string[] };

/** Keeps a reading for this Slack user alone; answers its id. Throws as `Tx.query` does. */
export async function keep(tx: Tx, userId: string, { request, notes }: Reading): Promise<string> {
  const kept = await row(
    tx,
    z.object({ id: z.string() }),
    `insert into retry_batch.readings (slack_user_id, request, notes) values ($1, $2, $3) returning id`,
    [userId, JSON.stringify(request), JSON.stringify(notes)],
  );
  return kept.id;
}

/** `gone`: too old, or never there. `used`: this dry run was made of it. */
export type Kept =
  | ({ readonly kind: 'kept' } & Reading)
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_theirs' }
  | { readonly kind: 'used'; readonly batchId: string };

/** The reading, where this user may have it run. Throws as `Tx.query` does. */
export async function find(tx: Tx, id: string, userId: string): Promise<Kept> {
  const found = await maybeRow(
    tx,
    z.object({
      mine: z.boolean(),
      fresh: z.boolean(),
      batchId: z.string().nullable(),
      // Our own JSON, as a batch's request is.
      request: z.custom<Partial<RetryRequest>>(),
      notes: z.array(z.string()),
    }),
    `select slack_user_id = $2 as mine, read_at > now() - make_interval(mins => $3) as fresh, batch_id as "batchId",
       request, notes
     from retry_batch.readings where id = $1`,
    [id, userId, KEPT_MINUTES],
  );
  if (found === undefined) return { kind: 'gone' };
  const { mine, fresh, batchId, request, notes } = found;
  if (!mine) return { kind: 'not_theirs' };
  if (batchId !== null) return { kind: 'used', batchId };
  return fresh ? { kind: 'kept', request: completeRequest(request), notes } : { kind: 'gone' };
}

/**
 * Uses the reading up for batch `batchId`, in the transaction that plans it; false where it is used already, or just being
 * used by another. Throws as `Tx.query` does.
 */
export async function use(tx: Tx, id: string, batchId: string): Promise<boolean> {
  const used = await tx.query(
    `update retry_batch.readings set batch_id = $2 where id in (
       select id from retry_batch.readings where id = $1 and batch_id is null for update skip locked)`,
    [id, batchId],
  );
  return used.rowCount === 1;
}

/** Forgets up to `most` readings that nobody can run any more. Throws as `Tx.query` does. */
export async function forget(tx: Tx, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.readings where id in (
       select id from retry_batch.readings where read_at < now() - interval '1 day'
       order by read_at limit $1 for update skip locked)`,
    [most],
  );
}
