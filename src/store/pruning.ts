// Removes what ended long ago: rows of plans, what runs and threads kept beside them, delivered notifications.
import { z } from 'zod';
import { BATCH_STATUSES, isEnded } from '../domain/batch.ts';
import type { Pruning } from '../engine/ports.ts';
import { maybeRow } from '../postgres/tx.ts';

export const pruning: Pruning = {
  next: (tx, afterDays) =>
    maybeRow(
      tx,
      z.object({
        batchId: z.string(),
        isFirstBite: z.boolean(),
        channelId: z.string().nullable(),
        messageTs: z.string().nullable(),
      }),
      `with old as (
         select id, pruned_at from retry_batch.batches
         where not lists_gone and status = any ($2)
           and coalesce(ended_at, requested_at) < now() - make_interval(days => $1)
         order by coalesce(ended_at, requested_at) limit 1 for update skip locked)
       update retry_batch.batches b set pruned_at = coalesce(b.pruned_at, now())
       from old left join retry_batch.slack_threads s on s.batch_id = old.id
       where b.id = old.id
       returning b.id as "batchId", old.pruned_at is null as "isFirstBite", s.channel_id as "channelId",
         s.message_ts as "messageTs"`,
      [afterDays, BATCH_STATUSES.filter(isEnded)],
    ),
  clear: async (tx, batchId, most) => {
    const removed = await tx.query(
      `delete from retry_batch.plan_rows
       where batch_id = $1 and position in (
         select position from retry_batch.plan_rows where batch_id = $1 order by position limit $2)`,
      [batchId, most],
    );
    if (removed.rowCount === most) return;
    for (const table of ['run_workers', 'run_groups', 'slack_threads'])
      await tx.query(`delete from retry_batch.${table} where batch_id = $1`, [batchId]);
    await tx.query(`update retry_batch.batches set lists_gone = true where id = $1`, [batchId]);
  },
  forgetDelivered: async (tx, afterDays, most) => {
    await tx.query(
      `delete from retry_batch.notifications where id in (
         select id from retry_batch.notifications
         where status = 'delivered' and ended_at < now() - make_interval(days => $1)
         order by ended_at limit $2 for update skip locked)`,
      [afterDays, most],
    );
  },
};
