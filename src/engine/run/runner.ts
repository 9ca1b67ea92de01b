// The runs of one process: starts them, knows which are going, and lets them end in order when it stops.

import { InfrastructureTrouble } from '../../postgres/errors.ts';
import * as workers from '../../store/workers.ts';
import type { EnginePorts } from '../ports.ts';
import type { Leave, RunOptions } from './run.ts';
import { runBatch } from './run-batch.ts';

export type Runner = {
  /** Goes on with a batch in the background, if this process isn't at it and nobody else is. */
  start(batchId: string): void;
  /** How many runs are going in this process. */
  going(): number;
  /**
   * Starts nothing more and resolves when every replay in hand has ended and each run is given back; after
   * `patienceMs` runs are given back with a replay in hand, whose own transaction ends as it ends.
   */
  stop(patienceMs: number): Promise<void>;
};

const MAX_REST_MS = 60_000;

export type RunReport = (batchId: string, left: Leave | 'trouble', error?: unknown) => void;

/** A runner; `report` hears how each run was left, once. */
export function createRunner(ports: EnginePorts, options: RunOptions, report: RunReport): Runner {
  const stopping = new AbortController();
  const going = new Map<string, Promise<void>>();
  // Runs that ended in trouble here: not before then again, or a lasting trouble would fill log and thread.
  const resting = new Map<string, { until: number; troubles: number }>();
  const rest = (batchId: string) => {
    const troubles = (resting.get(batchId)?.troubles ?? 0) + 1;
    resting.set(batchId, { troubles, until: ports.clock.now() + Math.min(MAX_REST_MS, 500 * 2 ** troubles) });
  };
  const run = async (batchId: string) => {
    try {
      report(batchId, await runBatch(ports, options, batchId, stopping.signal));
      resting.delete(batchId);
    } catch (error) {
      rest(batchId);
      // Whatever it is, the rows are safe and the sweep finds the run again; a bug must be seen in the log.
      report(batchId, 'trouble', error instanceof InfrastructureTrouble ? (error.cause ?? error) : error);
    } finally {
      going.delete(batchId);
    }
  };
  return {
    start: (batchId) => {
      const tired = (resting.get(batchId)?.until ?? 0) > ports.clock.now();
      if (!stopping.signal.aborted && !tired && !going.has(batchId)) going.set(batchId, run(batchId));
    },
    going: () => going.size,
    stop: async (patienceMs) => {
      stopping.abort();
      const patience = new AbortController();
      const all = Promise.all(going.values()).then(() => patience.abort());
      await Promise.race([all, ports.clock.sleep(patienceMs, patience.signal)]);
      const { autocommit } = ports.db;
      await Promise.all([...going.keys()].map((id) => workers.release(autocommit, id, options.worker)));
    },
  };
}
