// Ask for approval: that those who can approve were called for a batch, once, and who is still to be told privately.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';

/** In one channel people are called at most once in so many minutes, whichever batch it is for. */
const PAUSE_MINUTES = 10;

/** Any number; two bots that call in one channel at the same moment wait for one another. */
const CALL_LOCK = 4016;

export type Called =
  | { readonly kind: 'noted' }
  /** For this batch they were called already. */
  | { readonly kind: 'already'; readonly at: Date }
  /** In this channel they were called a moment ago. */
  | { readonly kind: 'lately'; readonly until: Date; readonly channelId: string }
  /** The batch has no thread. */
  | { readonly kind: 'nowhere' };

/**
 * Compare-and-set, in a transaction of the caller's: notes the call and whom to tell privately, if nobody was called for
 * this batch before, nor in its channel lately. Throws as `Tx.query` does.
 */
export async function noteCall(tx: Tx, batchId: string, toTell: readonly string[]): Promise<Called> {
  const thread = await maybeRow(
    tx,
    z.object({ channelId: z.string() }),
    `select channel_id as "channelId" from retry_batch.slack_threads where batch_id = $1`,
    [batchId],
  );
  if (thread === undefined) return { kind: 'nowhere' };
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [CALL_LOCK, thread.channelId]);
  const before = await maybeRow(
    tx,
    z.object({ own: z.boolean(), at: z.date(), until: z.date() }),
    `select batch_id = $1 as own, called_at as at, called_at + make_interval(mins => ${PAUSE_MINUTES}) as until
     from retry_batch.slack_threads
     where batch_id = $1 and called_at is not null
       or channel_id = $2 and called_at > now() - make_interval(mins => ${PAUSE_MINUTES})
     order by own desc, called_at desc limit 1`,
    [batchId, thread.channelId],
  );
  if (before !== undefined)
    return before.own
      ? { kind: 'already', at: before.at }
      : { kind: 'lately', until: before.until, channelId: thread.channelId };
  await tx.query(`update retry_batch.slack_threads set called_at = now(), to_tell = $2 where batch_id = $1`, [
    batchId,
    [...toTell],
  ]);
  return { kind: 'noted' };
}

/** Whether people were called for the batch. Throws as `Tx.query` does. */
export async function wasCalled(tx: Tx, batchId: string): Promise<boolean> {
  const found = await maybeRow(
    tx,
    z.object({ called: z.boolean() }),
    `select called_at is not null as called from retry_batch.slack_threads where batch_id = $1`,
    [batchId],
  );
  return found?.called ?? false;
}

/** Slack user ids of those who are still to be told privately. Throws as `Tx.query` does. */
export async function toTell(tx: Tx, batchId: string): Promise<readonly string[]> {
  const found = await maybeRow(
    tx,
    z.object({ users: z.array(z.string()).nullable() }),
    `select to_tell as users from retry_batch.slack_threads where batch_id = $1`,
    [batchId],
  );
  return found?.users ?? [];
}

/** This person is told, or can't be. Throws as `Tx.query` does. */
export async function told(tx: Tx, batchId: string, userId: string): Promise<void> {
  await tx.query(
    `update retry_batch.slack_threads set to_tell = array_remove(to_tell, $2) where batch_id = $1`,
    [batchId, userId],
  );
}
