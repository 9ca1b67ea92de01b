// A dry run that is asked for in another one's place: who may do that, and the old one's end once the new one is posted.

import type { Batch } from '../../domain/plan.ts';
import * as batches from '../../store/batches.ts';
import * as replaced from '../../store/replaced.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { type Person, whyNeither } from './authorize.ts';
import { attempt, type Decided, whyNotWaiting } from './decide.ts';

/**
 * Looks whether `person` may put another dry run in the place of this one: only its requester and admins may, and while it
 * waits. Of a form that is sent the latter is looked at when the new one is posted: `sent`. A refused attempt is in the audit
 * trail. Throws as `Tx.query` does.
 */
export async function mayChange(
  ports: EnginePorts,
  batchId: string,
  person: Person,
  { sent }: { readonly sent: boolean },
): Promise<Decided> {
  return attempt(ports, batchId, person, 'change', async (_tx, batch, standing) => {
    const refusal = whyNeither(batch, person, standing, 'change');
    return refusal ?? (sent ? null : whyNotWaiting(batch)) ?? batch;
  });
}

/**
 * Cancels the dry run in whose place `batch` was asked for, if it still waits. For when `batch` can be seen: until then there
 * would be none to decide on. Does nothing where that is done. Throws as `Tx.query` does.
 */
export async function endReplaced(ports: EnginePorts, batch: Batch): Promise<void> {
  const { id: batchId, requestedBy: by } = batch;
  const oldId = await replaced.stillWaiting(ports.db.autocommit, batchId);
  if (oldId === undefined) return;
  const moved = await ports.db.transaction(async (tx) => {
    const old = await batches.move(tx, { batchId: oldId, to: 'cancelled', from: ['waiting'], by });
    if (old === undefined) return false;
    await replaced.note(tx, oldId, batchId);
    const evidence = { replaced_by: batchId };
    await record(ports, tx, { batchId: oldId, action: 'cancelled', actor: by, evidence });
    return true;
  });
  if (moved) ports.onChange(oldId);
}
