// What somebody was shown of what a run owes, until they have it sent: then exactly these rows are told, and once.
import { z } from 'zod';
import type { NewsKind } from '../domain/owed.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import type { Facts } from './judgement.ts';
import { type NotificationContent, newsMoment } from './notifications.ts';
import { CREATED, OF_BATCH } from './owed.ts';

/** A view that stands open over night was shown too long ago. */
const HOURS = 24;

export type OwedChoice = {
  readonly batchId: string;
  readonly sentAt: Date | null;
  /** Positions in the batch's plan. */
  readonly webhooks: readonly number[];
  readonly emails: readonly number[];
};

/** The person's own, while it can be sent; undefined otherwise. Throws as `Tx.query` does. */
export async function findChoice(tx: Tx, id: string, userId: string): Promise<OwedChoice | undefined> {
  return maybeRow(
    tx,
    z.object({
      batchId: z.string(),
      sentAt: z.date().nullable(),
      webhooks: z.array(z.number()),
      emails: z.array(z.number()),
    }),
    `select batch_id as "batchId", sent_at as "sentAt", webhooks, emails from retry_batch.owed_choices
     where id = $1 and slack_user_id = $2 and shown_at > now() - make_interval(hours => ${HOURS})`,
    [id, userId],
  );
}

/** Compare-and-set: it is sent now; false where it was before. Throws as `Tx.query` does. */
export async function useChoice(tx: Tx, id: string): Promise<boolean> {
  const used = await tx.query(
    'update retry_batch.owed_choices set sent_at = now() where id = $1 and sent_at is null',
    [id],
  );
  return used.rowCount === 1;
}

/** Forgets up to `most` choices that nobody can send any more. Throws as `Tx.query` does. */
export async function forgetChoices(tx: Tx, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.owed_choices where id in (
       select id from retry_batch.owed_choices where shown_at < now() - make_interval(hours => ${HOURS})
       order by shown_at limit $1 for update skip locked)`,
    [most],
  );
}

/** Nobody else sends of this batch, and its lists stay, until the transaction ends; false where they are going. Throws as `Tx.query` does. */
export async function lockLists(tx: Tx, batchId: string): Promise<boolean> {
  const locked = await tx.query(
    'select from retry_batch.batches where id = $1 and pruned_at is null for no key update',
    [batchId],
  );
  return locked.rowCount === 1;
}

/** A project of the batch, and what takes to tell of it; its account is null where it is gone. */
export type ToTell = Pick<
  Facts,
  'executionId' | 'executionUuid' | 'vendorId' | 'rampUuid' | 'workflowVersion' | 'triggerPayload'
> & {
  readonly position: number;
  readonly projectUuid: string;
  readonly definition?: unknown;
  readonly accountId: number | null;
  /** RFC 3339, UTC. */
  readonly createdAt: string | null;
  readonly webhookAsked: boolean;
  readonly emailAsked: boolean;
  readonly hasWebhook: boolean;
  readonly hasEmail: boolean;
};

const toTell = z.object({
  position: z.number(),
  executionId: z.number(),
  executionUuid: z.string(),
  projectUuid: z.string(),
  vendorId: z.number(),
  rampUuid: z.string(),
  workflowVersion: z.number(),
  definition: z.unknown(),
  triggerPayload: z.string(),
  accountId: z.number().nullable(),
  createdAt: z.string().nullable(),
  webhookAsked: z.boolean(),
  emailAsked: z.boolean(),
  hasWebhook: z.boolean(),
  hasEmail: z.boolean(),
});

/** The projects at these positions of the plan as they are now. Throws as `Tx.query` does. */
export async function projectsAt(tx: Tx, batchId: string, positions: readonly number[]): Promise<ToTell[]> {
  return rows(
    tx,
    toTell,
    `select t.position, t.execution_id as "executionId", t.execution_uuid as "executionUuid",
       t.project_uuid as "projectUuid", t.vendor_id as "vendorId", t.ramp_uuid as "rampUuid",
       t.workflow_version as "workflowVersion", d.definition, coalesce(e.trigger_payload::text, 'null') as "triggerPayload",
       p.account_id as "accountId",
       ${newsMoment('p.created_at')} as "createdAt",
       w.id is not null as "webhookAsked", m.id is not null as "emailAsked",
       v.crm_webhook_url is not null as "hasWebhook", v.notify_email is not null as "hasEmail"
     from ${CREATED}
     left join or_ramp_executions e on e.id = t.execution_id
     left join or_ramp_versions d on d.ramp_id = t.ramp_id and d.version = t.workflow_version
     where ${OF_BATCH} and t.position = any ($2) order by t.position`,
    [batchId, [...positions]],
  );
}

/** A notification that is to be stored; its id is what every try of it carries. */
export type News = {
  readonly id: string;
  readonly kind: NewsKind;
  readonly executionId: number;
  readonly content: NotificationContent;
};

/** Stores those that are not stored yet, whoever asked for them; answers the ids that were. Throws as `Tx.query` does. */
export async function storeNews(tx: Tx, batchId: string, all: readonly News[]): Promise<string[]> {
  const stored = await rows(
    tx,
    z.object({ id: z.string() }),
    `insert into retry_batch.notifications (id, batch_id, execution_id, project_uuid, vendor_id, kind, content)
     select n.id, $1, n.execution_id, (n.content ->> 'project_uuid')::uuid, (n.content ->> 'vendor_id')::bigint, n.kind, n.content
     from unnest($2::uuid[], $3::text[], $4::bigint[], $5::jsonb[]) as n (id, kind, execution_id, content)
     on conflict (project_uuid, kind) do nothing returning id`,
    [
      batchId,
      all.map((one) => one.id),
      all.map((one) => one.kind),
      all.map((one) => one.executionId),
      all.map((one) => JSON.stringify(one.content)),
    ],
  );
  return stored.map((one) => one.id);
}
