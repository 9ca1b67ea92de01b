// The end of a run: the closing equation is counted, checked against OnRamp's tables, and written down together
// with the final status.
import type { Actor } from '../domain/audit.ts';
import { type BatchStatus, statusesBefore } from '../domain/batch.ts';
import type { EnginePorts } from './ports.ts';

/**
 * Ends the batch as `finished` or `stopped`, with the verification as evidence. Does nothing where somebody
 * else ended it first. Every row must have its outcome by then.
 */
export async function end(
  ports: EnginePorts,
  batchId: string,
  to: Extract<BatchStatus, 'finished' | 'stopped'>,
  by: Actor,
): Promise<void> {
  await ports.db.transaction(async (tx) => {
    const moved = await ports.batches.move(tx, { batchId, to, from: statusesBefore(to), by });
    if (moved === undefined) return;
    const verification = await ports.reports.verify(tx, batchId);
    await ports.audit.add(tx, {
      batchId,
      action: 'finished',
      actor: by,
      evidence: { status: to, ...verification },
    });
  });
  ports.onChange(batchId);
}
