// Where a batch's message is in Slack: its address, asked of Slack once and kept.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';

export type ThreadLink = {
  readonly channelId: string;
  readonly messageTs: string;
  /** Null until Slack was asked for it. */
  readonly link: string | null;
};

/** The batch's message; undefined where none is posted, or not any more. Throws as `Tx.query` does. */
export async function linkOf(tx: Tx, batchId: string): Promise<ThreadLink | undefined> {
  return maybeRow(
    tx,
    z.object({ channelId: z.string(), messageTs: z.string(), link: z.string().nullable() }),
    `select channel_id as "channelId", message_ts as "messageTs", link
     from retry_batch.slack_threads where batch_id = $1 and message_ts is not null and thread_gone is not true`,
    [batchId],
  );
}

/** Keeps the address. Throws as `Tx.query` does. */
export async function keepLink(tx: Tx, batchId: string, link: string): Promise<void> {
  await tx.query(`update retry_batch.slack_threads set link = $2 where batch_id = $1`, [batchId, link]);
}
