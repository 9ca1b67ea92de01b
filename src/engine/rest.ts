// A batch that replays what another one left takes that over: the other one's Retry held ends with it, and a retry that is
// under way keeps it from beginning.
import { ENDED_STATUSES } from '../domain/batch.ts';
import type { Actor } from '../domain/person.ts';
import type { Batch } from '../domain/plan.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Tx } from '../postgres/tx.ts';
import * as rest from '../store/rest.ts';
import type { EnginePorts } from './ports.ts';
import { record } from './record.ts';

type OfRest = { readonly id: string; readonly request: Pick<Batch['request'], 'rest_of'> };

/**
 * Why the batch may not begin: it is another one's rest, and that one goes on itself. Null where it may; then that one stays
 * as it is until the transaction ends. Throws as `Tx.query` does.
 */
export async function whyRestGoesOn(tx: Tx, { request }: OfRest): Promise<Refusal | null> {
  if (request.rest_of === null) return null;
  const status = await rest.lockStanding(tx, request.rest_of);
  if (status === undefined || ENDED_STATUSES.includes(status)) return null;
  return { kind: 'rest_under_way', batchId: request.rest_of, status };
}

/**
 * Gives the batch what the other one left, and says so in that one's audit trail; nothing where it is nobody's rest. False
 * where that one goes on itself. Throws as `Tx.query` does.
 */
export async function takeRest(
  ports: EnginePorts,
  tx: Tx,
  { id, request }: OfRest,
  actor: Actor,
): Promise<boolean> {
  const { rest_of: source } = request;
  if (source === null) return true;
  if (!(await rest.take(tx, source, id))) return false;
  await record(ports, tx, { batchId: source, action: 'rest_taken', actor, evidence: { batch_id: id } });
  tx.afterCommit(() => ports.onChange(source));
  return true;
}
