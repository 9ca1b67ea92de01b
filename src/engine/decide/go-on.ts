// Continue and retry held: what an admin answers to a run that held rows back or paused itself. Both let more be
// replayed, so both take a mapped admin at the moment of the click.

import { addHours } from 'date-fns/addHours';
import { isAfter } from 'date-fns/isAfter';
import { subHours } from 'date-fns/subHours';
import type { Batch } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import * as batches from '../../store/batches.ts';
import * as holds from '../../store/holds.ts';
import { progressOf } from '../../store/progress.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { MOST_CANARIES } from '../run/canary.ts';
import type { Person } from './authorize.ts';
import { attempt, change, type Decided } from './decide.ts';

const RETRY_HOURS = 24;

/** Until when the held rows of a run that ended at this moment can be retried: for a day. */
export function retryUntil(endedAt: Date): Date {
  return addHours(endedAt, RETRY_HOURS);
}

/** Held rows of runs that ended after this moment can still be retried at `now`, epoch milliseconds. */
export function retryableSince(now: number): Date {
  return subHours(now, RETRY_HOURS);
}

const NOTHING_HELD = 'retry what is held of';

/**
 * Lets a run that paused itself go on, with everything it held back and without further canaries. Throws as
 * `Transactions.transaction` does.
 */
export async function continueAnyway(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'continue', async (tx, batch, { actor, refusal }) => {
    if (refusal !== null) return refusal;
    if (batch.status !== 'paused') return wrongStatus(batch, 'continue');
    const moved = await batches.move(tx, change(batch, 'approved', actor));
    if (moved === undefined) return null;
    const rows = await holds.release(tx, batchId, 0);
    await record(ports, tx, { batchId, action: 'continued_anyway', actor, evidence: { rows } });
    await ports.runs.enqueue(tx, batchId);
    return moved;
  });
}

/**
 * Gives what is held its turn, canaries first: while the run goes on or pauses, and for a day after its end. Throws as
 * `Transactions.transaction` does.
 */
export async function retryHeld(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'retry_held', async (tx, batch, { actor, refusal }) => {
    const held = (await progressOf(tx, batchId)).held;
    const because =
      refusal ?? (held === 0 ? wrongStatus(batch, NOTHING_HELD) : tooLate(batch, ports.clock.now()));
    if (because !== null) return because;
    const moved = await batches.move(tx, change(batch, 'approved', actor));
    if (moved === undefined) return null;
    const rows = await holds.release(tx, batchId, MOST_CANARIES);
    await record(ports, tx, { batchId, action: 'retried_held', actor, evidence: { rows } });
    await ports.runs.enqueue(tx, batchId);
    return moved;
  });
}

function tooLate(batch: Batch, now: number): Refusal | null {
  if (batch.status === 'paused') return null;
  if (batch.status !== 'finished' || batch.endedAt === null) return wrongStatus(batch, NOTHING_HELD);
  if (batch.restTakenBy !== null) return { kind: 'rest_taken', by: batch.restTakenBy };
  const at = retryUntil(batch.endedAt);
  return isAfter(now, at) ? { kind: 'retry_over', at } : null;
}

function wrongStatus(batch: Batch, verb: string): Refusal {
  return { kind: 'wrong_status', verb, status: batch.status };
}
