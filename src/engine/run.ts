// Walks an approved plan chunk after chunk. Any process may start it at any time: what is done is read from the
// plan's rows, so a run that was killed goes on where it stood.
import { isEnded } from '../domain/batch.ts';
import type { Batch } from '../domain/plan.ts';
import { drain, type Slots } from './drain.ts';
import { end } from './end.ts';
import { InfrastructureTrouble } from './errors.ts';
import type { EnginePorts, TakenUp } from './ports.ts';
import { type ReplayContext, replayOne } from './replay-one.ts';

export type RunOptions = {
  readonly worker: string;
  readonly concurrency: number;
  readonly slots: Slots;
  /** After how many silent seconds another process may take the run over. */
  readonly takeoverSeconds: number;
  /** How long a run comes back to rows that were locked at their turn. */
  readonly lockedWaitSeconds: number;
};

export type Leave = 'ended' | 'held' | 'not_mine' | 'shutting_down';

/** How often a held or waiting run looks again. */
const LOOK_AGAIN_MS = 500;

/**
 * Goes on with a batch until it has ended, is held, or `signal` asks to leave. Answers `not_mine` at once
 * where another process works on it. Never throws for what happens to single rows.
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
  const leave = () => signal.aborted || pulse.lost();
  try {
    return await walk(ports, options, taken, leave);
  } finally {
    await pulse.stop();
    await ports.batches.release(ports.db.autocommit, batchId, options.worker).catch(ignoreTrouble);
  }
}

async function takeUp(
  ports: EnginePorts,
  options: RunOptions,
  batchId: string,
): Promise<TakenUp | undefined> {
  const taken = await ports.db.transaction(async (tx) => {
    const found = await ports.batches.takeUp(tx, batchId, options.worker, options.takeoverSeconds);
    if (found === undefined || found.cause === 'resumed') return found;
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

async function walk(
  ports: EnginePorts,
  options: RunOptions,
  taken: TakenUp,
  leave: () => boolean,
): Promise<Leave> {
  const { batch, chunkSize } = taken;
  const { eligible } = batch.summary;
  const chunks = Math.ceil(eligible / chunkSize);
  const context: ReplayContext = { actor: batch.decidedBy ?? batch.requestedBy, whenLocked: 'put_off' };
  for (let chunk = taken.chunksDone + 1; chunk <= chunks; chunk += 1) {
    const first = (chunk - 1) * chunkSize + 1;
    const last = Math.min(chunk * chunkSize, eligible);
    const range = { batchId: batch.id, first, last, locked: false };
    for (;;) {
      const { trouble } = await drain(ports, options.slots, range, context, options.concurrency, leave);
      if (trouble !== undefined) throw trouble;
      if (leave()) return 'shutting_down';
      const now = await look(ports, batch.id);
      if (now === 'gone') return 'held';
      if (now === 'stopping') return stopped(ports, options, batch.id);
      const report = await ports.reports.chunk(ports.db.autocommit, batch.id, first, last);
      if (now === 'running' && report.open === 0) {
        await closeChunk(ports, options, batch.id, { chunk, chunks, ...report });
        break;
      }
      // The brake is on, or a row is still in the hands of a connection that is just dying.
      await ports.clock.sleep(LOOK_AGAIN_MS);
    }
  }
  return comeBack(ports, options, batch, context, leave);
}

async function closeChunk(
  ports: EnginePorts,
  options: RunOptions,
  batchId: string,
  evidence: { readonly chunk: number } & Record<string, unknown>,
): Promise<void> {
  await ports.db.transaction(async (tx) => {
    if (!(await ports.batches.chunkDone(tx, batchId, evidence.chunk))) return;
    const actor = { kind: 'system', name: options.worker } as const;
    await ports.audit.add(tx, { batchId, action: 'chunk', actor, evidence });
  });
  ports.onChange(batchId);
}

/** At the end, for a while, the rows that were locked at their turn; then they are skipped as such. */
async function comeBack(
  ports: EnginePorts,
  options: RunOptions,
  batch: Batch,
  context: ReplayContext,
  leave: () => boolean,
): Promise<Leave> {
  const range = { batchId: batch.id, first: 1, last: batch.summary.eligible, locked: true };
  const deadline = ports.clock.now() + options.lockedWaitSeconds * 1000;
  for (;;) {
    const last = ports.clock.now() >= deadline;
    // A row that is still locked stays in the range, so each pass takes one step for each row, not one drain.
    const { putOff } = await ports.turns.open(ports.db.autocommit, batch.id);
    await passOver(
      ports,
      options,
      range,
      { ...context, whenLocked: last ? 'skip' : 'put_off' },
      putOff,
      leave,
    );
    if (leave()) return 'shutting_down';
    const now = await look(ports, batch.id);
    if (now === 'gone') return 'held';
    if (now === 'stopping') return stopped(ports, options, batch.id);
    const open = await ports.turns.open(ports.db.autocommit, batch.id);
    if (now === 'running' && open.putOff + open.others === 0) {
      await end(ports, batch.id, 'finished', { kind: 'system', name: options.worker });
      return 'ended';
    }
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
}

async function passOver(
  ports: EnginePorts,
  options: RunOptions,
  range: { batchId: string; first: number; last: number; locked: boolean },
  context: ReplayContext,
  putOff: number,
  leave: () => boolean,
): Promise<void> {
  let next = range.first;
  for (let step = 0; step < putOff && !leave(); step += 1) {
    const one = await options.slots.use(() => replayOne(ports, { ...range, first: next }, context));
    if (one.kind === 'none') return;
    next = one.position + 1;
  }
}

async function stopped(ports: EnginePorts, options: RunOptions, batchId: string): Promise<Leave> {
  await ports.turns.giveUpRest(ports.db.autocommit, batchId, 'the run was stopped');
  await end(ports, batchId, 'stopped', { kind: 'system', name: options.worker });
  return 'ended';
}

/** What the batch and the brake say now; `gone`: this run has nothing more to do here. */
async function look(
  ports: EnginePorts,
  batchId: string,
): Promise<'running' | 'stopping' | 'braked' | 'gone'> {
  const batch = await ports.batches.find(ports.db.autocommit, batchId);
  if (batch === undefined || isEnded(batch.status)) return 'gone';
  if (batch.status === 'stopping') return 'stopping';
  if (batch.status !== 'running') return 'gone';
  return (await ports.brake.isOn(ports.db.autocommit)) ? 'braked' : 'running';
}

/** Says every few seconds that this process is alive, and notices when the run was taken from it. */
function startPulse(ports: EnginePorts, options: RunOptions, batchId: string) {
  const stopping = new AbortController();
  let lost = false;
  const beating = (async () => {
    while (!stopping.signal.aborted && !lost) {
      await ports.clock.sleep((options.takeoverSeconds * 1000) / 5, stopping.signal);
      if (stopping.signal.aborted) return;
      const mine = await ports.batches
        .beat(ports.db.autocommit, batchId, options.worker)
        .catch((error: unknown) => ignoreTrouble(error) ?? true);
      lost = !mine;
    }
  })();
  return {
    lost: () => lost,
    stop: async () => {
      stopping.abort();
      await beating;
    },
  };
}

function ignoreTrouble(error: unknown): undefined {
  if (!(error instanceof InfrastructureTrouble)) throw error;
  return undefined;
}
