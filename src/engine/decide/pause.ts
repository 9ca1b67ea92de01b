// Pause, resume and stop a run: each is one compare-and-set, effective between two replays. Holding back is for
// the requester too; whatever lets more be replayed takes a mapped admin.

import { type BatchStatus, mayBecome } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import * as batches from '../../store/batches.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { type Person, whyNeither } from './authorize.ts';
import { attempt, change, type Decided } from './decide.ts';

/** No further replay until somebody resumes the run. Throws as `Transactions.transaction` does. */
export async function pause(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'pause', async (tx, batch, standing) => {
    const refusal = whyNeither(batch, person, standing, 'pause') ?? edge(batch, 'paused', 'pause');
    if (refusal !== null) return refusal;
    const moved = await batches.move(tx, change(batch, 'paused', standing.actor));
    if (moved) await record(ports, tx, { batchId, action: 'paused', actor: standing.actor, evidence: {} });
    return moved ?? null;
  });
}

/** Queues a paused run again; it goes on where it stood. Throws as `Transactions.transaction` does. */
export async function resume(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'resume', async (tx, batch, { actor, refusal: notAdmin }) => {
    const refusal = notAdmin ?? (batch.status === 'paused' ? null : wrongStatus(batch, 'resume'));
    if (refusal !== null) return refusal;
    const moved = await batches.move(tx, change(batch, 'approved', actor));
    if (moved === undefined) return null;
    await record(ports, tx, { batchId, action: 'resumed', actor, evidence: {} });
    await ports.runs.enqueue(tx, batchId);
    return moved;
  });
}

/** Ends a run early: the replays in hand finish, the rest counts as not reached. Throws as `Transactions.transaction` does. */
export async function stop(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'stop', async (tx, batch, standing) => {
    const refusal = whyNeither(batch, person, standing, 'stop') ?? edge(batch, 'stopping', 'stop');
    if (refusal !== null) return refusal;
    const moved = await batches.move(tx, change(batch, 'stopping', standing.actor));
    if (moved === undefined) return null;
    await record(ports, tx, { batchId, action: 'stopped', actor: standing.actor, evidence: {} });
    // Nobody may be working on it: the job makes sure that somebody ends it.
    await ports.runs.enqueue(tx, batchId);
    return moved;
  });
}

function edge(batch: Batch, to: BatchStatus, verb: string): Refusal | null {
  return batch.status !== 'waiting' && mayBecome(batch.status, to) ? null : wrongStatus(batch, verb);
}

function wrongStatus(batch: Batch, verb: string): Refusal {
  return { kind: 'wrong_status', verb, status: batch.status };
}
