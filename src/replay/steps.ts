// The account step and the project step as one statement. The account step is idempotent: one external id of one
// vendor is one account, whoever creates it first. The project step is not: only the judgement before it keeps a
// customer from a second project.
import { z } from 'zod';
import type { NewsKind } from '../domain/owed.ts';
import type { ReplayOrder } from '../engine/ports.ts';
import { StepFailure } from '../engine/replay/step-failure.ts';
import { prepared, row, type Tx } from '../postgres/tx.ts';
import type { Facts } from '../store/judgement.ts';
import { newsMoment } from '../store/notifications.ts';
import { newsOf } from './news.ts';

/** What the steps will write, as far as the facts say. */
export type Steps = {
  readonly facts: Facts;
  readonly accountExternalId: string;
  readonly accountName: string;
  readonly projectName: string;
  readonly tasks: readonly string[];
  /** One webhook and one e-mail at most, under the id that every try of delivering it will carry. */
  readonly notifications: readonly { readonly id: string; readonly kind: NewsKind }[];
};

const LINK = `or_object_entity_ids l left join or_accounts a on a.id = l.entity_id
     where l.vendor_id = $2 and l.entity_type = 'account' and l.external_id = $3 and l.archived_at is null`;

/** Account, link, project and tasks. $1 project's UUID, $2 vendor, $3 external id, $4 account's name, $5 ramp … */
const STEPS = `
   with link as (
     select l.entity_id, a.id as account_id, a.vendor_id, a.archived_at is not null as archived from ${LINK}
   ), new_account as (
     insert into or_accounts (vendor_id, name, created_at)
     select $2, $4, now() where not exists (select from link)
     returning id
   ), new_link as (
     insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
     select $2, 'account', $3, id, now() from new_account
     -- Waits for a transaction that is inserting the same link, then gives way to it.
     on conflict (vendor_id, entity_type, external_id) where archived_at is null do nothing
     returning entity_id
   ), account as (
     select account_id as id from link where vendor_id = $2 and not archived
     union all select entity_id from new_link
   ), project as (
     insert into or_projects (project_uuid, vendor_id, account_id, ramp_id, execution_id, name, created_at)
     select $1, $2, account.id, $5, $6, $7, now() from account
     returning id, account_id, created_at
   ), tasks as (
     insert into or_project_tasks (project_id, position, name)
     select project.id, task.position, task.name
     from project, unnest($8::text[]) with ordinality as task (name, position)
   )`;

// A project whose customer is to hear of it never lacks the news: it is the same statement.
const NOTIFIED = `, notified as (
     insert into retry_batch.notifications (id, batch_id, execution_id, project_uuid, vendor_id, kind, content)
     select queued.id, $9, $6, $1, $2, queued.kind, $12::jsonb || jsonb_build_object(
       'account_id', project.account_id,
       'created_at', ${newsMoment('project.created_at')})
     from project, unnest($10::uuid[], $11::text[]) as queued (id, kind)
   )`;

const FOUND = `
   select exists (select from project) as created, link.entity_id as "linkedTo", link.account_id is null as missing,
     link.vendor_id is distinct from $2 as foreign, link.archived
   from (select) one left join link on true`;

const QUIET = prepared('steps', `${STEPS} ${FOUND}`);
const WITH_NEWS = prepared('steps and notifications', `${STEPS} ${NOTIFIED} ${FOUND}`);

const foundRow = z.object({
  created: z.boolean(),
  /** The account that the external id was linked to before; null where it was linked to none. */
  linkedTo: z.number().nullable(),
  missing: z.boolean(),
  foreign: z.boolean(),
  archived: z.boolean().nullable(),
});

/**
 * Creates the project, and the account where there is no live link. `again`: another transaction linked the same
 * external id first, and there may be an account left over that the caller has to take back. Throws StepFailure
 * WorkflowConfigError where the link leads to a missing, foreign or archived account; then nothing is created. Throws else
 * as `Tx.query` does.
 */
export async function writeSteps(
  tx: Tx,
  { facts, notifications: news, ...steps }: Steps,
  as: ReplayOrder,
): Promise<'done' | 'again'> {
  const values: unknown[] = [
    ...[as.projectUuid, facts.vendorId, steps.accountExternalId, steps.accountName, facts.rampId],
    ...[facts.executionId, steps.projectName, [...steps.tasks]],
  ];
  if (news.length > 0) {
    values.push(
      ...[as.batchId, news.map((one) => one.id), news.map((one) => one.kind)],
      JSON.stringify(newsOf(facts, steps, as.projectUuid)),
    );
  }
  const found = await row(tx, foundRow, news.length > 0 ? WITH_NEWS : QUIET, values);
  if (found.created) return 'done';
  if (found.linkedTo === null) return 'again';
  const account = `external id ${steps.accountExternalId} is linked to account ${found.linkedTo}, which`;
  throw new StepFailure('WorkflowConfigError', `${account} ${faultOf(found)}`);
}

function faultOf(found: z.output<typeof foundRow>): string {
  if (found.missing) return 'does not exist';
  return found.foreign ? 'belongs to another vendor' : 'is archived';
}
