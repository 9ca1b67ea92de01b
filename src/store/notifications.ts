// Notifications as stored: queued by a replay, delivered or parked later. This table is the truth; a queue job
// only says "try this one".
import { z } from 'zod';
import { NEWS_KINDS, type NewsKind } from '../domain/owed.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';

/** Longer than one try can take, so that a process that died in it does not block the next one for long. */
const LEASE_SECONDS = 60;

/** Longer than the queue takes to notice a job whose process died; a backlog that is only slow isn't queued twice. */
const FORGOTTEN_SECONDS = 300;

/** A stored notification whose time has come, with where it goes as OnRamp's vendor row says now. */
export type DueNotification = {
  readonly id: string;
  readonly kind: NewsKind;
  /** This try's number, from 1. */
  readonly attempt: number;
  readonly content: NotificationContent;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string | null;
  readonly email: string | null;
};

export type NotificationContent = {
  readonly project_uuid: string;
  readonly execution_uuid: string;
  readonly vendor_id: number;
  readonly ramp_uuid: string;
  readonly account_id: number;
  readonly account_external_id: string;
  readonly account_name: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly created_at: string;
};

/** SQL: a project's `created_at` as its news has it. */
export const newsMoment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const dueRow = z.object({
  id: z.string(),
  kind: z.enum(NEWS_KINDS),
  attempt: z.number(),
  // Our own JSON, written by the replay from this type.
  content: z.custom<NotificationContent>(),
  webhookUrl: z.string().nullable(),
  webhookSecret: z.string().nullable(),
  email: z.string().nullable(),
});

/**
 * Takes the notification for one try, if it is still queued, its time has come and its customer is none of `busyVendors`; one
 * process gets it. Throws as `Tx.query` does.
 */
export async function claim(
  tx: Tx,
  id: string,
  busyVendors: readonly number[],
): Promise<DueNotification | undefined> {
  return maybeRow(
    tx,
    dueRow,
    `update retry_batch.notifications n
     set attempts = n.attempts + 1, next_try_at = now() + make_interval(secs => ${LEASE_SECONDS})
     from (select $1::uuid as id) asked left join retry_batch.notifications own on own.id = asked.id
       left join or_vendors v on v.id = own.vendor_id
     where n.id = asked.id and n.status = 'queued' and n.next_try_at <= now() and n.vendor_id <> all ($2)
     returning n.id, n.kind, n.attempts as attempt, n.content, v.crm_webhook_url as "webhookUrl",
       v.crm_webhook_secret as "webhookSecret", v.notify_email as email`,
    [id, [...busyVendors]],
  );
}

/** Whether it still waits for its delivery to one of these vendors. Throws as `Tx.query` does. */
export async function isQueued(tx: Tx, id: string, vendors: readonly number[]): Promise<boolean> {
  const found = await tx.query(
    `select from retry_batch.notifications where id = $1 and status = 'queued' and vendor_id = any ($2)`,
    [id, [...vendors]],
  );
  return found.rowCount > 0;
}

/** It has arrived. Throws as `Tx.query` does. */
export async function delivered(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `update retry_batch.notifications set status = 'delivered', ended_at = now(), last_failure = null
     where id = $1 and status = 'queued'`,
    [id],
  );
}

/** Not before so many seconds again. Throws as `Tx.query` does. */
export async function tryAgain(tx: Tx, id: string, failure: string, afterSeconds: number): Promise<void> {
  await tx.query(
    `update retry_batch.notifications set last_failure = $2, next_try_at = now() + make_interval(secs => $3)
     where id = $1 and status = 'queued'`,
    [id, failure, afterSeconds],
  );
}

/** Kept where an operator sees it, until somebody redelivers it. Throws as `Tx.query` does. */
export async function park(tx: Tx, id: string, failure: string): Promise<void> {
  await tx.query(
    `update retry_batch.notifications set status = 'parked', ended_at = now(), last_failure = $2
     where id = $1 and status = 'queued'`,
    [id, failure],
  );
}

/**
 * Takes queued ones whose job went missing, to be queued again; each is answered to one caller, and not soon again.
 * Throws as `Tx.query` does.
 */
export async function forgotten(tx: Tx): Promise<string[]> {
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
}

export type NotificationCounts = { readonly sent: number; readonly queued: number; readonly parked: number };

/** What became of the notifications of a batch, by kind, and when the last one was asked for. Throws as `Tx.query` does. */
export async function countsOf(
  tx: Tx,
  batchId: string,
): Promise<{ webhooks: NotificationCounts; emails: NotificationCounts; lastAt: Date | null }> {
  const found = await rows(
    tx,
    z.object({
      kind: z.enum(NEWS_KINDS),
      sent: z.number(),
      queued: z.number(),
      parked: z.number(),
      lastAt: z.date(),
    }),
    `select kind, max(queued_at) as "lastAt", count(*) filter (where status = 'delivered') as sent,
       count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'parked') as parked
     from retry_batch.notifications where batch_id = $1 group by 1`,
    [batchId],
  );
  const of = (kind: string) => {
    const { sent = 0, queued = 0, parked = 0 } = found.find((one) => one.kind === kind) ?? {};
    return { sent, queued, parked };
  };
  const lastAt = found
    .map((one) => one.lastAt)
    .reduce<Date | null>((last, one) => (last === null || one > last ? one : last), null);
  return { webhooks: of('webhook'), emails: of('email'), lastAt };
}

export type ParkedNotification = {
  readonly id: string;
  readonly kind: string;
  readonly vendorId: number;
  readonly vendorName: string;
  readonly projectUuid: string;
  readonly attempts: number;
  readonly failure: string | null;
  readonly parkedAt: Date | null;
};

/** What waits for an operator, the oldest first. Throws as `Tx.query` does. */
export async function parked(tx: Tx): Promise<ParkedNotification[]> {
  return rows(
    tx,
    z.object({
      id: z.string(),
      kind: z.string(),
      vendorId: z.number(),
      vendorName: z.string(),
      projectUuid: z.string(),
      attempts: z.number(),
      failure: z.string().nullable(),
      parkedAt: z.date().nullable(),
    }),
    `select n.id, n.kind, n.vendor_id as "vendorId", coalesce(v.name, '') as "vendorName", n.project_uuid as "projectUuid", n.attempts,
       n.last_failure as failure, n.ended_at as "parkedAt"
     from retry_batch.notifications n left join or_vendors v on v.id = n.vendor_id
     where n.status = 'parked' order by n.ended_at, n.id`,
  );
}

/**
 * Queues parked notifications again, with all their tries before them; answers the ids that were parked. Throws as `Tx.query`
 * does.
 */
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
