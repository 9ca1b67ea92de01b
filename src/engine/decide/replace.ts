// A dry run that is asked for in another one's place: who may do that, and the old one's end once the new one is posted.

import type { Batch } from '../../domain/plan.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import * as replaced from '../../store/replaced.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { isRequester, lookUp, type Person, type Standing } from './authorize.ts';

/**
 * Looks `person` up as somebody who may put another dry run in the place of `batch`: only its requester and admins may.
 * Throws as `Tx.query` does.
 */
export async function lookUpChanger(tx: Tx, batch: Batch, person: Person): Promise<Standing> {
  const { actor, refusal } = await lookUp(tx, person);
  const may = refusal === null || (person.standing === null && isRequester(batch, person));
  if (may) return { actor, refusal: null };
  return { actor, refusal: person.standing ?? { kind: 'not_requester_or_admin', verb: 'change' } };
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
