// The figures of a scrape, in one statement over small or partial indexes.
import { z } from 'zod';
import { BATCH_STATUSES, type BatchStatus, OPEN_STATUSES, RUN_STATUSES } from '../domain/batch.ts';
import { row, type Tx } from '../postgres/tx.ts';

export type Gauges = {
  readonly brakeOn: boolean;
  /** Batches that have not ended, by status. */
  readonly open: Readonly<Partial<Record<BatchStatus, number>>>;
  /** How long ago the oldest run that has not ended was approved, or called over HTTP; 0 where there is none. */
  readonly oldestRunSeconds: number;
  readonly notificationsQueued: number;
  readonly notificationsParked: number;
  /** How long ago the oldest notification that is still to be delivered was queued. */
  readonly oldestNotificationSeconds: number;
  /** Threads that Slack has refused something of, or could not be reached for. */
  readonly threadsFailing: number;
  /** How long ago what the most belated thread doesn't show yet happened. */
  readonly threadDelaySeconds: number;
};

const gaugesRow = z.object({
  brakeOn: z.boolean(),
  open: z.partialRecord(z.enum(BATCH_STATUSES), z.number()),
  oldestRunSeconds: z.number(),
  notificationsQueued: z.number(),
  notificationsParked: z.number(),
  oldestNotificationSeconds: z.number(),
  threadsFailing: z.number(),
  threadDelaySeconds: z.number(),
});

const age = (since: string) => `coalesce(extract(epoch from now() - min(${since}))::float8, 0)`;

/** Reads them all. Throws as `Tx.query` does. */
export async function readGauges(tx: Tx): Promise<Gauges> {
  const found = await row(
    tx,
    gaugesRow,
    `select (select is_on from retry_batch.brake) as "brakeOn",
       (select coalesce(jsonb_object_agg(status, n), '{}') from (
         select status, count(*) as n from retry_batch.batches where status = any ($1) group by 1) b) as open,
       (select ${age('coalesce(decided_at, requested_at)')} from retry_batch.batches
         where status = any ($2)) as "oldestRunSeconds",
       n.*, t.*
     from (select count(*) filter (where status = 'queued') as "notificationsQueued",
         count(*) filter (where status = 'parked') as "notificationsParked",
         coalesce(extract(epoch from now() - min(queued_at) filter (where status = 'queued'))::float8, 0)
           as "oldestNotificationSeconds"
       from retry_batch.notifications where status <> 'delivered') n,
     (select count(*) filter (where s.failures > 0) as "threadsFailing", ${age('e.at')} as "threadDelaySeconds"
       from retry_batch.slack_threads s left join lateral (
         -- Chunks wait for a step of the thread without being late.
         select at from retry_batch.events
         where batch_id = s.batch_id and id > s.posted_event_id and action not in ('replayed', 'chunk')
         order by id limit 1) e on true
       where not s.settled) t`,
    [OPEN_STATUSES, RUN_STATUSES],
  );
  return found;
}
