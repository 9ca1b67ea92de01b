// Works on an approved plan. Any number of processes may work on one run, and each may start at any time: what is done
// is read from the plan's rows, so a run that was killed goes on where it stood.
import { STOPPED_BEFORE } from '../../domain/left.ts';
import * as batches from '../../store/batches.ts';
import { countOpen } from '../../store/open-rows.ts';
import * as workers from '../../store/workers.ts';
import { type EnginePorts, replayedBy } from '../ports.ts';
import { record } from '../record.ts';
import { flyCanaries } from './canary.ts';
import { closeChunks } from './chunks.ts';
import { end } from './end.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createRun, type Leave, type Position, type Run, type RunOptions } from './run.ts';
import { wayOf } from './way.ts';

/** How often a braked or waiting run looks again. */
const LOOK_AGAIN_MS = 500;

/**
 * Works on a batch until it has ended, is paused, or `signal` asks to leave. Answers `not_mine` at once where there is
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
  const heartbeat = startHeartbeat(ports, options, batchId);
  try {
    return await work(createRun(ports, options, taken, () => signal.aborted || heartbeat.lost()));
  } finally {
    await heartbeat.stop();
  }
}

async function takeUp(
  ports: EnginePorts,
  options: RunOptions,
  batchId: string,
): Promise<Position | undefined> {
  const taken = await ports.db.transaction(async (tx) => {
    const found = await workers.takeUp(tx, batchId, {
      worker: options.worker,
      silentSeconds: options.takeoverSeconds,
      by: replayedBy(ports.replayer),
    });
    const batch = found && (await batches.find(tx, batchId));
    if (found === undefined || batch === undefined) return undefined;
    const { cause, chunkSize, chunksDone } = found;
    if (cause === 'approved' || cause === 'abandoned') {
      await record(ports, tx, {
        batchId,
        action: cause === 'approved' ? 'started' : 'continued',
        actor: { kind: 'system', name: options.worker },
        evidence: { chunks_done: chunksDone, eligible: batch.summary.eligible },
      });
    }
    return { batch, chunkSize, chunksDone };
  });
  if (taken) ports.onChange(batchId);
  return taken;
}

async function work(run: Run): Promise<Leave> {
  const { ports, batch } = run;
  const tx = ports.db.autocommit;
  const way = wayOf(run);
  let deadline: number | undefined;
  while (!(await way.settleLeftBehind())) {
    if (run.leave()) return 'shutting_down';
    await ports.clock.sleep(LOOK_AGAIN_MS);
  }
  await flyCanaries(run, way);
  for (;;) {
    if (await way.settleLeftBehind()) await way.workOff();
    await closeChunks(run);
    if (run.leave()) return 'shutting_down';
    const now = await run.look();
    if (now === 'gone') return 'paused';
    const open = await countOpen(tx, batch.id);
    // What is sent has no end yet that a report could tell.
    if (now === 'stopping' && open.sent === 0) return stopped(run);
    if (now === 'running' && open.open + open.sent === 0) {
      if (open.deferred === 0) return finish(run);
      deadline ??= ports.clock.now() + run.options.lockedWaitSeconds * 1000;
      await way.passOver(ports.clock.now() >= deadline ? 'skip' : 'defer', open.deferred);
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
  await end(ports, batch.id, { to: 'stopped', rest: STOPPED_BEFORE }, run.actor);
  return 'ended';
}
