// One HTTP call's run: the first chunk of its own plan, here and now. What it did not try is left for the next call.
import type { Actor } from '../../domain/person.ts';
import type { Batch } from '../../domain/plan.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { isBrakeOn } from '../../store/brake.ts';
import { chunkReports } from '../../store/chunks.ts';
import { countOpen } from '../../store/open-rows.ts';
import type { EnginePorts } from '../ports.ts';
import { replayRows, type WorkedOff } from '../replay/pool.ts';
import type { Replay } from '../replay/replay-one.ts';
import type { Slots } from '../replay/slots.ts';
import type { VendorGate } from '../replay/vendor-gate.ts';
import { end } from './end.ts';
import { startHeartbeat } from './heartbeat.ts';

export type ExecuteOptions = {
  readonly worker: string;
  readonly concurrency: number;
  readonly slots: Slots;
  readonly vendors: VendorGate;
  readonly takeoverSeconds: number;
  readonly chunkSize: number;
  /** Asked before each replay: whether the process is about to stop. */
  readonly stopping: () => boolean;
};

export type Executed = {
  /** Interrupted: the database went away before the batch was ended. */
  readonly kind: 'ended' | 'interrupted';
  /** What was committed, row by row; when interrupted, a row in hand at that moment may be, too. */
  readonly replays: readonly Replay[];
};

/** Why a row of a call has no outcome though nobody tried it: the process stopped, or the brake was pulled. */
export const NOT_BEGUN = 'not in this call; call again';

/** How often a call looks whether a busy vendor has room again. */
const LOOK_AGAIN_MS = 200;

/**
 * Replays at most one chunk of `batch`, a running batch of the HTTP door, and ends it. An interrupted call is
 * ended by the sweep, once the database is back. Throws for bugs alone; what was committed before stays committed.
 */
export async function executeChunk(
  ports: EnginePorts,
  options: ExecuteOptions,
  batch: Batch,
): Promise<Executed> {
  const by = { kind: 'system', name: options.worker } as const;
  const heartbeat = startHeartbeat(ports, options, batch.id);
  const stopping = () => options.stopping() || heartbeat.lost();
  try {
    const { replays, trouble } = await tryAll(ports, { ...options, stopping }, batch);
    if (trouble instanceof InfrastructureTrouble) return { kind: 'interrupted', replays };
    if (trouble !== undefined) throw trouble;
    return { kind: await close(ports, batch, options.chunkSize, by), replays };
  } finally {
    await heartbeat.stop();
  }
}

/** Whatever happens here, what was replayed stays replayed: trouble is an answer, so that it is not lost. */
async function close(
  ports: EnginePorts,
  batch: Batch,
  chunkSize: number,
  by: Actor,
): Promise<Executed['kind']> {
  try {
    // Nobody else is at a call's batch, so that what is open now stays open until it is ended.
    const { open, deferred, held } = await countOpen(ports.db.autocommit, batch.id);
    const rest = Math.max(0, batch.summary.eligible - chunkSize) + open + deferred + held;
    await end(ports, batch.id, { to: rest === 0 ? 'finished' : 'stopped', rest: NOT_BEGUN }, by);
    return 'ended';
  } catch (error) {
    if (error instanceof InfrastructureTrouble) return 'interrupted';
    throw error;
  }
}

/** Every row of the chunk; those of a vendor that other runs keep busy are waited for. */
async function tryAll(ports: EnginePorts, options: ExecuteOptions, batch: Batch): Promise<WorkedOff> {
  const { slots, vendors, concurrency: workers } = options;
  const last = Math.min(batch.summary.eligible, options.chunkSize);
  const range = () => ({ batchId: batch.id, first: 1, last, state: 'open' }) as const;
  const context = { actor: batch.requestedBy, whenLocked: 'skip', gate: vendors } as const;
  const replays: Replay[] = [];
  for (;;) {
    const before = vendors.now();
    const workedOff = await replayRows(ports, range, context, {
      workers,
      slots,
      stop: options.stopping,
      onNone: () => false,
      onReplay: async () => {},
    });
    replays.push(...workedOff.replays);
    if (workedOff.trouble !== undefined) return { replays, trouble: workedOff.trouble };
    try {
      if (options.stopping() || (await nothingFree(ports, batch.id, last, options.chunkSize)))
        return { replays, trouble: undefined };
    } catch (trouble) {
      return { replays, trouble };
    }
    await Promise.race([before.change, ports.clock.sleep(LOOK_AGAIN_MS)]);
  }
}

/** Every row has had its turn, or none will get one. What is open otherwise is of a vendor that had no room. */
async function nothingFree(
  ports: EnginePorts,
  batchId: string,
  last: number,
  size: number,
): Promise<boolean> {
  const tx = ports.db.autocommit;
  const [chunk] = await chunkReports(tx, batchId, { first: 1, last, size });
  return chunk === undefined || chunk.open === 0 || (await isBrakeOn(tx));
}
