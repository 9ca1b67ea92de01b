// How an execution is replayed: account step, project step, notifications queued. It runs in the caller's
// transaction and behind the caller's locks, and never decides whether to replay.
import { z } from 'zod';
import { InfrastructureTrouble, StepFailure } from '../engine/errors.ts';
import type { Deliveries, Facts, Replayer } from '../engine/ports.ts';
import { row, rows, type Tx } from '../engine/tx.ts';
import { findOrCreateAccount } from './account.ts';
import { fillDefinition, type ProjectPlan } from './definition.ts';

/** A replayer that hands what has to be notified to `deliveries`, in the same transaction. */
export function createReplayer(deliveries: Deliveries): Replayer {
  return {
    replay: async (tx, facts, { batchId }) => {
      const plan = prepare(facts);
      const accountId = await findOrCreateAccount(tx, {
        vendorId: facts.vendorId,
        externalId: plan.accountExternalId,
        name: plan.accountName,
      });
      const project = await createProject(tx, facts, plan, accountId);
      if (!facts.suppressNotifications && (facts.webhook || facts.email)) {
        const ids = await queueNotifications(tx, batchId, facts, { ...plan, accountId, ...project });
        await enqueue(deliveries, tx, ids);
      }
      return { projectUuid: project.projectUuid };
    },
  };
}

/** Everything that can be known to fail before anything is written. */
function prepare(facts: Facts): ProjectPlan {
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

type Project = { readonly projectUuid: string; readonly createdAt: Date };

/** The project step is not idempotent: only the judgement before it keeps a customer from a second project. */
async function createProject(tx: Tx, facts: Facts, plan: ProjectPlan, accountId: number): Promise<Project> {
  return row(
    tx,
    z.object({ projectUuid: z.string(), createdAt: z.date() }),
    `with project as (
       insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
       values ($1, $2, $3, $4, $5, now()) returning id, project_uuid, created_at
     ), tasks as (
       insert into or_project_tasks (project_id, position, name)
       select project.id, task.position, task.name
       from project, unnest($6::text[]) with ordinality as task (name, position)
     )
     select project_uuid as "projectUuid", created_at as "createdAt" from project`,
    [facts.vendorId, accountId, facts.rampId, facts.executionId, plan.projectName, [...plan.tasks]],
  );
}

/** One webhook and one e-mail at most, stored under the id that every try of delivering them will carry. */
async function queueNotifications(
  tx: Tx,
  batchId: string,
  facts: Facts,
  project: ProjectPlan & Project & { readonly accountId: number },
): Promise<string[]> {
  const kinds = [...(facts.webhook ? ['webhook'] : []), ...(facts.email ? ['email'] : [])];
  const content = {
    project_uuid: project.projectUuid,
    execution_uuid: facts.executionUuid,
    vendor_id: facts.vendorId,
    ramp_uuid: facts.rampUuid,
    account_id: project.accountId,
    account_external_id: project.accountExternalId,
    account_name: project.accountName,
    name: project.projectName,
    created_at: project.createdAt.toISOString(),
  };
  const queued = await rows(
    tx,
    z.object({ id: z.string() }),
    `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content)
     select $1, $2, $3, $4, kind, $6::jsonb from unnest($5::text[]) as kind
     returning id`,
    [batchId, facts.executionId, project.projectUuid, facts.vendorId, kinds, JSON.stringify(content)],
  );
  return queued.map((one) => one.id);
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
