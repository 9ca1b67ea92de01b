// What has to happen without anybody asking, found in our own tables: plans whose time has come, runs that nobody
// works on any more, and notifications whose job got lost. The queue's own supervision is too slow for a run in the
// middle of an incident.
import { expireOverdue } from './decide.ts';
import { end } from './end.ts';
import { InfrastructureTrouble } from './errors.ts';
import type { EnginePorts } from './ports.ts';

/**
 * Expires what is overdue, ends HTTP calls whose process died, queues forgotten notifications, and hands every run
 * that nobody has worked on for `silentSeconds` to `start`. Any number of processes may sweep at once.
 */
export async function sweep(
  ports: EnginePorts,
  silentSeconds: number,
  start: (batchId: string) => void,
): Promise<void> {
  await expireOverdue(ports);
  for (const { batchId, door } of await ports.batches.abandoned(ports.db.autocommit, silentSeconds)) {
    if (door === 'slack') start(batchId);
    else await endAbandonedCall(ports, batchId);
  }
  await remindQueue(ports);
}

/** A notification is stored until it is delivered or parked; a job that got lost must not keep it from both. */
async function remindQueue(ports: EnginePorts): Promise<void> {
  // With the brake on every delivery waits, and none of them is forgotten.
  if (await ports.brake.isOn(ports.db.autocommit)) return;
  await ports.db.transaction(async (tx) => {
    await ports.deliveries.enqueue(tx, await ports.notifications.forgotten(tx));
  });
}

/** Its caller is gone and will call again; nobody goes on with an HTTP call. */
async function endAbandonedCall(ports: EnginePorts, batchId: string): Promise<void> {
  await ports.turns.giveUpRest(ports.db.autocommit, batchId, 'the process that served the call died');
  await end(ports, batchId, 'stopped', { kind: 'system', name: 'sweep' });
}

const SWEEP_MS = 1000;

/** Sweeps every second until `signal` fires. A database that is away is reported to `warn` and tried again. */
export async function sweepUntil(
  ports: EnginePorts,
  silentSeconds: number,
  start: (batchId: string) => void,
  signal: AbortSignal,
  warn: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweep(ports, silentSeconds, start);
    } catch (error) {
      if (!(error instanceof InfrastructureTrouble)) throw error;
      warn(error);
    }
    await ports.clock.sleep(SWEEP_MS, signal);
  }
}
