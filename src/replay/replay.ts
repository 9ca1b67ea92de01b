// How an execution is replayed: account step, project step, notifications queued. It runs in the caller's
// transaction and behind the caller's locks, and never decides whether to replay.
import { randomUUID } from 'node:crypto';
import { InfrastructureTrouble, StepFailure } from '../engine/errors.ts';
import type { Deliveries, Facts, Prepared, Replayer } from '../engine/ports.ts';
import { prepared, type Tx, together } from '../engine/tx.ts';
import { findOrCreateAccount } from './account.ts';
import { fillDefinition, type ProjectPlan } from './definition.ts';

/** A replayer that hands what has to be notified to `deliveries`, in the same transaction. */
export function createReplayer(deliveries: Deliveries): Replayer {
  return {
    prepare: async (tx, facts) => {
      const plan = planProject(facts);
      const accountId = await findOrCreateAccount(tx, {
        vendorId: facts.vendorId,
        externalId: plan.accountExternalId,
        name: plan.accountName,
      });
      return { ...plan, facts, accountId };
    },
    create: async (tx, project, { batchId, projectUuid }) => {
      const notifications = notificationsOf(project.facts);
      await together(
        createProject(tx, project, { batchId, projectUuid, notifications }),
        enqueue(
          deliveries,
          tx,
          notifications.map((one) => one.id),
        ),
      );
    },
  };
}

/** Everything that can be known to fail before anything is written. */
function planProject(facts: Facts): ProjectPlan {
  if (facts.vendorId !== facts.rampVendorId) {
    throw new StepFailure(
      'WorkflowConfigError',
      `the execution is of vendor ${facts.vendorId}, its workflow of vendor ${facts.rampVendorId}`,
    );
  }
  const plan = fillDefinition(facts.definition, facts.workflowVersion, facts.triggerPayload);
  if (facts.integration?.tokenRevoked) {
    throw new StepFailure(
      'IntegrationAuthError',
      `the ${facts.integration.provider} integration's token was revoked; have the customer reconnect it`,
    );
  }
  return plan;
}

/** One webhook and one e-mail at most, stored under the id that every try of delivering it will carry. */
type Notification = { readonly id: string; readonly kind: 'webhook' | 'email' };

function notificationsOf(facts: Facts): readonly Notification[] {
  if (facts.suppressNotifications) return [];
  const kinds = [facts.webhook ? 'webhook' : null, facts.email ? 'email' : null] as const;
  return kinds.flatMap((kind) => (kind === null ? [] : [{ id: randomUUID(), kind }]));
}

// Project, tasks and notifications in one statement: a project whose customer is to hear of it never lacks the news.
const CREATE_PROJECT = prepared(
  'create project',
  `with project as (
     insert into or_projects (project_uuid, vendor_id, account_id, ramp_id, execution_id, name, created_at)
     values ($1, $2, $3, $4, $5, $6, now()) returning id, created_at
   ), tasks as (
     insert into or_project_tasks (project_id, position, name)
     select project.id, task.position, task.name
     from project, unnest($7::text[]) with ordinality as task (name, position)
   )
   insert into retry_batch.notifications (id, batch_id, execution_id, project_uuid, vendor_id, kind, content)
   select queued.id, $8, $5, $1, $2, queued.kind, $11::jsonb || jsonb_build_object(
     'created_at', to_char(project.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   from project, unnest($9::uuid[], $10::text[]) as queued (id, kind)`,
);

/** The project step is not idempotent: only the judgement before it keeps a customer from a second project. */
async function createProject(
  tx: Tx,
  { facts, ...project }: Prepared,
  as: { batchId: string; projectUuid: string; notifications: readonly Notification[] },
): Promise<void> {
  const content = {
    project_uuid: as.projectUuid,
    execution_uuid: facts.executionUuid,
    vendor_id: facts.vendorId,
    ramp_uuid: facts.rampUuid,
    account_id: project.accountId,
    account_external_id: project.accountExternalId,
    account_name: project.accountName,
    name: project.projectName,
  };
  await tx.query(CREATE_PROJECT, [
    ...[as.projectUuid, facts.vendorId, project.accountId, facts.rampId, facts.executionId],
    ...[project.projectName, [...project.tasks], as.batchId],
    ...[as.notifications.map((one) => one.id), as.notifications.map((one) => one.kind)],
    JSON.stringify(content),
  ]);
}

/** A queue that takes nothing says nothing about the execution, so its failure must not become an outcome. */
async function enqueue(deliveries: Deliveries, tx: Tx, ids: readonly string[]): Promise<void> {
  try {
    await deliveries.enqueue(tx, ids);
  } catch (error) {
    if (error instanceof InfrastructureTrouble) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new InfrastructureTrouble(`the queue took no notification: ${message}`, null, error);
  }
}
