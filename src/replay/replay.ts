// How an execution is replayed: account step, project step, notifications queued. It runs in the caller's
// transaction and behind the caller's locks, and never decides whether to replay.
import { randomUUID } from 'node:crypto';
import type { Deliveries, ReplayOrder, RowReplayer } from '../engine/ports.ts';
import { StepFailure } from '../engine/replay/step-failure.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import { type Tx, together } from '../postgres/tx.ts';
import type { Facts } from '../store/judgement.ts';
import { fillDefinition } from './definition.ts';
import { newsAgain } from './news.ts';
import { type Steps, writeSteps } from './steps.ts';

/** A replayer that hands what has to be notified to `deliveries`, in the same transaction. */
export function createReplayer(deliveries: Deliveries): RowReplayer {
  return {
    kind: 'in_transaction',
    replay: (tx, facts, as) => replay(deliveries, tx, facts, as),
    newsOf: newsAgain,
  };
}

async function replay(
  deliveries: Deliveries,
  tx: Tx,
  facts: Facts,
  as: ReplayOrder,
): Promise<'done' | 'again'> {
  const steps = planSteps(facts);
  const ids = steps.notifications.map((one) => one.id);
  const [ran] = await together(writeSteps(tx, steps, as), enqueue(deliveries, tx, ids));
  return ran;
}

/** Everything that can be known to fail before anything is written. */
function planSteps(facts: Facts): Steps {
  if (facts.vendorId !== facts.rampVendorId) {
    throw new StepFailure(
      'WorkflowConfigError',
      `the execution is of vendor ${facts.vendorId}, its workflow of vendor ${facts.rampVendorId}`,
    );
  }
  const filled = fillDefinition(facts.definition, facts.workflowVersion, facts.triggerPayload);
  if (facts.integration?.tokenRevoked) {
    throw new StepFailure(
      'IntegrationAuthError',
      `the ${facts.integration.provider} integration's token was revoked; have the customer reconnect it`,
    );
  }
  return { ...filled, facts, notifications: notificationsOf(facts) };
}

function notificationsOf(facts: Facts): Steps['notifications'] {
  if (facts.suppressNotifications) return [];
  const kinds = [facts.webhook ? 'webhook' : null, facts.email ? 'email' : null] as const;
  return kinds.flatMap((kind) => (kind === null ? [] : [{ id: randomUUID(), kind }]));
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
