// One HTTP call's run: the first chunk of its own plan, here and now. What it did not try is left for the next call.
import type { Batch } from '../domain/plan.ts';
import { drain, type Slots } from './drain.ts';
import { end } from './end.ts';
import type { EnginePorts } from './ports.ts';

export type ExecuteOptions = {
  readonly worker: string;
  readonly concurrency: number;
  readonly slots: Slots;
  readonly takeoverSeconds: number;
  readonly chunkSize: number;
};

/**
 * Replays at most one chunk of `batch`, a running batch of the HTTP door, and ends it. Throws InfrastructureTrouble
 * where the database is gone; what was replayed until then is committed row by row.
 */
export async function executeChunk(ports: EnginePorts, options: ExecuteOptions, batch: Batch): Promise<void> {
  const by = { kind: 'system', name: options.worker } as const;
  const last = Math.min(batch.summary.eligible, options.chunkSize);
  const beat = () => ports.batches.beat(ports.db.autocommit, batch.id, options.worker).catch(() => false);
  const pulse = setInterval(() => void beat(), (options.takeoverSeconds * 1000) / 5);
  try {
    const range = { batchId: batch.id, first: 1, last, locked: false };
    const context = { actor: batch.requestedBy, whenLocked: 'skip' } as const;
    await drain(ports, options.slots, range, context, options.concurrency, () => false);
    const rest = await ports.turns.giveUpRest(ports.db.autocommit, batch.id, 'not in this call; call again');
    await end(ports, batch.id, rest === 0 ? 'finished' : 'stopped', by);
  } finally {
    clearInterval(pulse);
  }
}
