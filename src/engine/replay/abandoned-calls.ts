// Calls whose process died, or left: their rows are settled from what shows, before anything more of their batch is sent.
import * as batches from '../../store/batches.ts';
import { abandonedCalls } from '../../store/sent-rows.ts';
import type { EndpointReplayer, EnginePorts } from '../ports.ts';
import { settleCall } from './settle-call.ts';

/** What its rows were through before is not known. */
const NONE: ReadonlySet<number> = new Set();

export type AbandonedOptions = {
  readonly replayer: EndpointReplayer;
  readonly worker: string;
  /** Calls of this process whose end is not known yet. */
  readonly inHand: ReadonlySet<string>;
  readonly silentSeconds: number;
};

/**
 * Looks once after the abandoned calls of a batch, or of any where it is null; answers how many rows of them are still not
 * settled. Their process may have sent as late as it may, and its call may take as long as it may: they are waited for twice as
 * long as one that is seen to end. Throws as `Tx.query` does.
 */
export async function settleAbandoned(
  ports: EnginePorts,
  { replayer, worker, inHand, silentSeconds }: AbandonedOptions,
  batchId: string | null,
): Promise<number> {
  const tx = ports.db.autocommit;
  let left = 0;
  for (const one of await abandonedCalls(tx, { batchId, worker, inHand: [...inHand], silentSeconds })) {
    const batch = await batches.find(tx, one.batchId);
    if (batch === undefined) continue;
    const actor = batch.decidedBy ?? batch.requestedBy;
    const began = ports.clock.monotonic() - one.secondsAgo * 1000;
    const { settled, open } = await settleCall(
      ports,
      { batchId: batch.id, callId: one.callId, actor, began, fresh: NONE },
      one.positions,
      {
        answer: { kind: 'lost', status: null, why: 'the process that called ended before it knew' },
        whenLocked: 'defer',
        timeUp: one.secondsAgo >= 2 * replayer.timeoutSeconds,
      },
    );
    left += open.length;
    if (settled.length > 0) ports.onChange(batch.id);
  }
  return left;
}
