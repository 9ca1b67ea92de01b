// Says every few seconds that this process works on a run, and notices when the run was taken from it, or when another
// process that shared it has died: its rows are free by then, and this one goes on with them.

import { InfrastructureTrouble } from '../../postgres/errors.ts';
import * as workers from '../../store/workers.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';

export type Heartbeat = {
  /** This process was silent for so long that others have taken its place; its rows are safe behind their locks. */
  lost(): boolean;
  /** Ends the heartbeat and gives the run back, so that nobody has to wait for the silence. */
  stop(): Promise<void>;
};

/** Beats five times within the time after which others take over. */
export function startHeartbeat(
  ports: EnginePorts,
  { worker, takeoverSeconds }: { readonly worker: string; readonly takeoverSeconds: number },
  batchId: string,
): Heartbeat {
  const stopping = new AbortController();
  const tx = ports.db.autocommit;
  let lost = false;
  const noticeDeaths = async () => {
    const died = await ports.db.transaction(async (inside) => {
      const silent = await workers.dropSilent(inside, batchId, worker, takeoverSeconds);
      if (silent === 0) return false;
      const actor = { kind: 'system', name: worker } as const;
      await record(ports, inside, { batchId, action: 'continued', actor, evidence: { silent } });
      return true;
    });
    if (died) ports.onChange(batchId);
  };
  const beat = async () => {
    try {
      lost = !(await workers.beat(tx, batchId, worker));
      if (!lost) await noticeDeaths();
    } catch (error) {
      // The database is away; whether the run is still ours will be known when it is back.
      if (!(error instanceof InfrastructureTrouble)) throw error;
    }
  };
  let bug: unknown;
  const beating = (async () => {
    while (!stopping.signal.aborted && !lost) {
      await ports.clock.sleep((takeoverSeconds * 1000) / 5, stopping.signal);
      if (!stopping.signal.aborted) await beat();
    }
  })().catch((error: unknown) => {
    // Nobody listens until the run ends: it ends now, and throws this then, instead of the process.
    lost = true;
    bug = error;
  });
  return {
    lost: () => lost,
    stop: async () => {
      stopping.abort();
      await beating;
      await workers.release(tx, batchId, worker).catch((error: unknown) => {
        if (!(error instanceof InfrastructureTrouble)) throw error;
      });
      if (bug !== undefined) throw bug;
    },
  };
}
