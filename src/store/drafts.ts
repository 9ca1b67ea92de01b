// Forms that people have open in Slack: what of a request has no field there, and the dry run that came of it.
import { z } from 'zod';
import type { RetryRequest } from '../domain/request.ts';
import { maybeRow, type Tx } from '../postgres/tx.ts';

/** What a form keeps; the fields of the request as they were given. */
export type Kept = Partial<RetryRequest>;

export type Draft = {
  /** As it was written, perhaps by another release: whoever uses it reads it as a request. */
  readonly kept: Readonly<Record<string, unknown>>;
  /** The dry run that it changes. */
  readonly replaces: string | null;
  /** The dry run that came of it. */
  readonly batchId: string | null;
};

/** A form that was opened is open for as long as somebody leaves it so; after a day it is too old to be sent. */
const HOURS = 24;

/** Keeps a new one for Slack user `userId`. Throws as `Tx.query` does. */
export async function keep(
  tx: Tx,
  draft: {
    readonly id: string;
    readonly userId: string;
    readonly kept: Kept;
    readonly replaces: string | null;
  },
): Promise<void> {
  await tx.query(
    `insert into retry_batch.drafts (id, user_id, kept, replaces, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
    [draft.id, draft.userId, JSON.stringify(draft.kept), draft.replaces, HOURS],
  );
}

/** The person's own, while it can be sent; undefined otherwise. Throws as `Tx.query` does. */
export async function find(tx: Tx, id: string, userId: string): Promise<Draft | undefined> {
  return maybeRow(
    tx,
    z.object({
      kept: z.record(z.string(), z.unknown()),
      replaces: z.string().nullable(),
      batchId: z.string().nullable(),
    }),
    `select kept, replaces, batch_id as "batchId" from retry_batch.drafts
     where id = $1 and user_id = $2 and expires_at > now()`,
    [id, userId],
  );
}

/**
 * Compare-and-set: the dry run that comes of it, in the transaction that stores that one; false where there is one already.
 * Throws as `Tx.query` does.
 */
export async function use(tx: Tx, id: string, batchId: string): Promise<boolean> {
  const used = await tx.query(
    `update retry_batch.drafts set batch_id = $2 where id = $1 and batch_id is null`,
    [id, batchId],
  );
  return used.rowCount === 1;
}
