// Removes what ended long ago: rows of plans, what runs and threads kept beside them, delivered notifications.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';

/** A batch whose lists go, and where it could be read in Slack. */
export type Prunable = {
  readonly batchId: string;
  /** Nothing of it has gone yet. */
  readonly isFirstBite: boolean;
  readonly channelId: string | null;
  readonly messageTs: string | null;
};

/** Which batches: dry runs that nobody approved, or those that ran. */
export type Ended = 'unapproved' | 'ran';

/** In the index's own words. */
const WHICH: Readonly<Record<Ended, string>> = {
  unapproved: `status in ('previewed', 'cancelled', 'expired')`,
  ran: `status in ('finished', 'stopped')`,
};

/**
 * Locks and marks one batch that ended more than so many days ago and still has lists; one caller gets it. Throws as
 * `Tx.query` does.
 */
export async function nextToPrune(tx: Tx, which: Ended, afterDays: number): Promise<Prunable | undefined> {
  return maybeRow(
    tx,
    z.object({
      batchId: z.string(),
      isFirstBite: z.boolean(),
      channelId: z.string().nullable(),
      messageTs: z.string().nullable(),
    }),
    `with old as (
       select id, pruned_at from retry_batch.batches
       where not lists_gone and ${WHICH[which]}
         and coalesce(ended_at, requested_at) < now() - make_interval(days => $1)
         -- A report that still offers to send what is owed loses that first; if Slack does not take it, not for ever.
         and (coalesce(ended_at, requested_at) < now() - make_interval(days => $1 + 1)
           or not exists (select from retry_batch.slack_threads s where s.batch_id = batches.id and s.report_owes))
       order by coalesce(ended_at, requested_at) limit 1 for update skip locked)
     update retry_batch.batches b set pruned_at = coalesce(b.pruned_at, now())
     from old left join retry_batch.slack_threads s on s.batch_id = old.id
     where b.id = old.id
     returning b.id as "batchId", old.pruned_at is null as "isFirstBite", s.channel_id as "channelId",
       s.message_ts as "messageTs"`,
    [afterDays],
  );
}

/**
 * Removes up to `most` rows of its plan; behind the last one everything else but the batch and its audit trail. Throws
 * as `Tx.query` does.
 */
export async function clear(tx: Tx, batchId: string, most: number): Promise<void> {
  const removed = await tx.query(
    `delete from retry_batch.plan_rows
     where batch_id = $1 and position in (
       select position from retry_batch.plan_rows where batch_id = $1 order by position limit $2)`,
    [batchId, most],
  );
  if (removed.rowCount === most) return;
  for (const table of ['run_workers', 'run_groups', 'slack_threads'])
    await tx.query(`delete from retry_batch.${table} where batch_id = $1`, [batchId]);
  await tx.query(`update retry_batch.batches set lists_gone = true, kin = null where id = $1`, [batchId]);
}

/**
 * Removes up to `most` notifications that were delivered more than so many days ago. What a suppressed run owed stays as long
 * as its lists do: without it the same would be owed once more. Throws as `Tx.query` does.
 */
export async function forgetDelivered(tx: Tx, afterDays: number, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.notifications where id in (
       select n.id from retry_batch.notifications n
       where n.status = 'delivered' and n.ended_at < now() - make_interval(days => $1)
         and not exists (select from retry_batch.batches b
           where b.id = n.batch_id and b.suppress_notifications and not b.lists_gone and n.ended_at > b.started_at)
       order by n.ended_at limit $2 for update of n skip locked)`,
    [afterDays, most],
  );
}

/** Forgets up to `most` forms that nobody can send any more. Throws as `Tx.query` does. */
export async function forgetDrafts(tx: Tx, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.drafts where id in (
       select id from retry_batch.drafts where expires_at < now() order by expires_at limit $1 for update skip locked)`,
    [most],
  );
}

/** Forgets up to `most` tries of more than so many days ago. Throws as `Tx.query` does. */
export async function forgetTries(tx: Tx, afterDays: number, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.last_tries where execution_id in (
       select execution_id from retry_batch.last_tries
       where tried_at < now() - make_interval(days => $1)
       order by tried_at limit $2 for update skip locked)`,
    [afterDays, most],
  );
}
