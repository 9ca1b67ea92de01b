// Notifications as stored: queued by a replay, delivered or parked later. This table is the truth; a queue job
// only says "try this one".
import { z } from 'zod';
import type { NotificationContent, Notifications } from '../engine/ports.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';

/** Longer than one try can take, so that a process that died in it does not block the next one for long. */
const LEASE_SECONDS = 60;

/** Longer than the queue takes to notice a job whose process died; a backlog that is only slow isn't queued twice. */
const FORGOTTEN_SECONDS = 300;

const dueRow = z.object({
  id: z.string(),
  kind: z.enum(['webhook', 'email']),
  attempt: z.number(),
  // Our own JSON, written by the replay from this type.
  content: z.custom<NotificationContent>(),
  webhookUrl: z.string().nullable(),
  webhookSecret: z.string().nullable(),
  email: z.string().nullable(),
});

export const notifications: Notifications = {
  claim: (tx, id) =>
    maybeRow(
      tx,
      dueRow,
      `update retry_batch.notifications n
       set attempts = n.attempts + 1, next_try_at = now() + make_interval(secs => ${LEASE_SECONDS})
       from (select $1::uuid as id) asked left join retry_batch.notifications own on own.id = asked.id
         left join or_vendors v on v.id = own.vendor_id
       where n.id = asked.id and n.status = 'queued' and n.next_try_at <= now()
       returning n.id, n.kind, n.attempts as attempt, n.content, v.crm_webhook_url as "webhookUrl",
         v.crm_webhook_secret as "webhookSecret", v.notify_email as email`,
      [id],
    ),
  delivered: async (tx, id) => {
    await tx.query(
      `update retry_batch.notifications set status = 'delivered', ended_at = now(), last_failure = null
       where id = $1 and status = 'queued'`,
      [id],
    );
  },
  tryAgain: async (tx, id, failure, afterSeconds) => {
    await tx.query(
      `update retry_batch.notifications set last_failure = $2, next_try_at = now() + make_interval(secs => $3)
       where id = $1 and status = 'queued'`,
      [id, failure, afterSeconds],
    );
  },
  park: async (tx, id, failure) => {
    await tx.query(
      `update retry_batch.notifications set status = 'parked', ended_at = now(), last_failure = $2
       where id = $1 and status = 'queued'`,
      [id, failure],
    );
  },
  forgotten: async (tx) => {
    const found = await rows(
      tx,
      z.object({ id: z.string() }),
      `update retry_batch.notifications set next_try_at = now()
       where id in (
         select id from retry_batch.notifications
         where status = 'queued' and next_try_at < now() - make_interval(secs => ${FORGOTTEN_SECONDS})
         order by next_try_at limit 100 for update skip locked)
       returning id`,
    );
    return found.map((one) => one.id);
  },
};

export type ParkedNotification = {
  readonly id: string;
  readonly kind: string;
  readonly vendorName: string;
  readonly projectUuid: string;
  readonly attempts: number;
  readonly failure: string | null;
  readonly parkedAt: Date | null;
};

/** What waits for an operator, the oldest first. */
export async function parked(tx: Tx): Promise<ParkedNotification[]> {
  return rows(
    tx,
    z.object({
      id: z.string(),
      kind: z.string(),
      vendorName: z.string(),
      projectUuid: z.string(),
      attempts: z.number(),
      failure: z.string().nullable(),
      parkedAt: z.date().nullable(),
    }),
    `select n.id, n.kind, coalesce(v.name, '') as "vendorName", n.project_uuid as "projectUuid", n.attempts,
       n.last_failure as failure, n.ended_at as "parkedAt"
     from retry_batch.notifications n left join or_vendors v on v.id = n.vendor_id
     where n.status = 'parked' order by n.ended_at, n.id`,
  );
}

/** Queues parked notifications again, with all their tries before them; answers the ids that were parked. */
export async function unpark(tx: Tx, ids: readonly string[] | 'all'): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `update retry_batch.notifications
     set status = 'queued', ended_at = null, attempts = 0, next_try_at = now()
     where status = 'parked' and ($1::uuid[] is null or id = any ($1)) returning id`,
    [ids === 'all' ? null : [...ids]],
  );
  return found.map((one) => one.id);
}
