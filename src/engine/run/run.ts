// Walks an approved plan. Any number of processes may work on one run, and each may start at any time: what is done
// is read from the plan's rows, so a run that was killed goes on where it stood.
import type { Actor } from '../../domain/audit.ts';
import { isEnded } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts, TakenUp } from '../ports.ts';
import type { ReplayContext } from '../replay/replay-one.ts';
import type { VendorGate } from '../replay/vendor-gate.ts';
import type { BreakerLimits } from './breaker.ts';
import { flyCanaries } from './canary.ts';
import { closeChunks } from './chunks.ts';
import type { Slots } from './drain.ts';
import { end } from './end.ts';
import { startPulse } from './heartbeat.ts';
import { passOver, workOff } from './work-off.ts';

export type RunOptions = {
  readonly worker: string;
  readonly concurrency: number;
  readonly slots: Slots;
  /** After how many silent seconds another process may take the run over. */
  readonly takeoverSeconds: number;
  /** How long a run comes back to rows that were locked at their turn. */
  readonly lockedWaitSeconds: number;
  readonly breaker: BreakerLimits;
  /** Shared by everything that replays in this process, as the slots are. */
  readonly vendors: VendorGate;
};

/** One process's part in one run, while it lasts. */
export type Run = {
  readonly ports: EnginePorts;
  readonly options: RunOptions;
  readonly batch: Batch;
  readonly actor: Actor;
  readonly context: ReplayContext;
  readonly chunkSize: number;
  /** How many chunks are known to be done; rows before them need not be looked at. */
  chunksDone: number;
  /** Up to here every free row was taken or passed over since somebody last looked from the first open chunk on. */
  ahead: number;
  /** Whether this process should start no further replay. */
  readonly leave: () => boolean;
  readonly look: () => Promise<Look>;
};

/** What the batch and the brake say now; `gone`: this run has nothing more to do here. */
export type Look = 'running' | 'stopping' | 'braked' | 'gone';

export type Leave = 'ended' | 'held' | 'not_mine' | 'shutting_down';

/** How often a held or waiting run looks again. */
const LOOK_AGAIN_MS = 500;

/**
 * Works on a batch until it has ended, is held, or `signal` asks to leave. Answers `not_mine` at once where there is
 * nothing to work on. Never throws for what happens to single rows.
 */
export async function runBatch(
  ports: EnginePorts,
  options: RunOptions,
  batchId: string,
  signal: AbortSignal,
): Promise<Leave> {
  const taken = await takeUp(ports, options, batchId);
  if (taken === undefined) return 'not_mine';
  const pulse = startPulse(ports, options, batchId);
  try {
    return await walk(createRun(ports, options, taken, () => signal.aborted || pulse.lost()));
  } finally {
    await pulse.stop();
  }
}

async function takeUp(
  ports: EnginePorts,
  options: RunOptions,
  batchId: string,
): Promise<TakenUp | undefined> {
  const taken = await ports.db.transaction(async (tx) => {
    const found = await ports.batches.takeUp(tx, batchId, options.worker, options.takeoverSeconds);
    if (found?.cause !== 'approved' && found?.cause !== 'abandoned') return found;
    await ports.audit.add(tx, {
      batchId,
      action: found.cause === 'approved' ? 'started' : 'continued',
      actor: { kind: 'system', name: options.worker },
      evidence: { chunks_done: found.chunksDone, eligible: found.batch.summary.eligible },
    });
    return found;
  });
  if (taken) ports.onChange(batchId);
  return taken;
}

function createRun(ports: EnginePorts, options: RunOptions, taken: TakenUp, leave: () => boolean): Run {
  const { batch, chunkSize, chunksDone } = taken;
  return {
    ports,
    options,
    batch,
    chunkSize,
    chunksDone,
    ahead: 0,
    leave,
    actor: { kind: 'system', name: options.worker },
    context: { actor: batch.decidedBy ?? batch.requestedBy, whenLocked: 'put_off', gate: options.vendors },
    look: () => look(ports, batch.id),
  };
}

async function walk(run: Run): Promise<Leave> {
  const { ports, batch } = run;
  const tx = ports.db.autocommit;
  let deadline: number | undefined;
  await flyCanaries(run);
  for (;;) {
    await workOff(run);
    await closeChunks(run);
    if (run.leave()) return 'shutting_down';
    const now = await run.look();
    if (now === 'gone') return 'held';
    if (now === 'stopping') return stopped(run);
    const open = await ports.turns.open(tx, batch.id);
    if (now === 'running' && open.others === 0) {
      if (open.putOff === 0) return finish(run);
      deadline ??= ports.clock.now() + run.options.lockedWaitSeconds * 1000;
      await passOver(run, ports.clock.now() >= deadline ? 'skip' : 'put_off', open.putOff);
    }
    // The brake is on, a row is locked, or one is still in the hands of a connection that is just dying.
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
}

async function finish(run: Run): Promise<Leave> {
  const { ports, batch } = run;
  // Another process may have done the last row since they were closed last.
  await closeChunks(run);
  await end(ports, batch.id, { to: 'finished', rest: 'held' }, run.actor);
  return 'ended';
}

async function stopped(run: Run): Promise<Leave> {
  const { ports, batch } = run;
  await end(ports, batch.id, { to: 'stopped', rest: 'the run was stopped' }, run.actor);
  return 'ended';
}

async function look(ports: EnginePorts, batchId: string): Promise<Look> {
  const batch = await ports.batches.find(ports.db.autocommit, batchId);
  if (batch === undefined || isEnded(batch.status)) return 'gone';
  if (batch.status === 'stopping') return 'stopping';
  if (batch.status !== 'running') return 'gone';
  return (await ports.brake.isOn(ports.db.autocommit)) ? 'braked' : 'running';
}
