// How a run has its rows replayed: row by row in the database, or by calls of the application's endpoint.
import type { Canary } from '../../store/canaries.ts';
import { replayNext } from '../replay/tries.ts';
import { callCanaries, callDeferred, callOff, settleLeftBehind } from './call-off.ts';
import { Endurance } from './endurance.ts';
import type { Run } from './run.ts';
import { passOver, workOff } from './work-off.ts';

export type Way = {
  /** Looks after what others left behind; whether the run may begin anything more. */
  settleLeftBehind(): Promise<boolean>;
  /** The canaries' turn. */
  canaries(canaries: readonly Canary[]): Promise<void>;
  /** Open rows until none is free. */
  workOff(): Promise<void>;
  /** One more try for each of the rows that were locked at their turn. */
  passOver(whenLocked: 'defer' | 'skip', rows: number): Promise<void>;
};

/** The way of this process's replayer; each of its verbs throws the trouble that ended it early. */
export function wayOf(run: Run): Way {
  const { replayer } = run.ports;
  if (replayer.kind === 'in_transaction') {
    return {
      settleLeftBehind: async () => true,
      canaries: async (canaries) => {
        await Promise.all(canaries.map((canary) => fly(run, canary)));
      },
      workOff: () => workOff(run),
      passOver: (whenLocked, rows) => passOver(run, whenLocked, rows),
    };
  }
  const caller = { run, replayer, endurance: new Endurance() };
  return {
    settleLeftBehind: () => settleLeftBehind(caller),
    canaries: (canaries) =>
      callCanaries(
        caller,
        canaries.map((canary) => canary.position),
      ),
    workOff: () => callOff(caller),
    passOver: (whenLocked) => callDeferred(caller, whenLocked),
  };
}

async function fly(run: Run, { position }: Canary): Promise<void> {
  const { ports, options, batch, context } = run;
  const range = {
    batchId: batch.id,
    first: position,
    last: position,
    state: 'open',
    busyVendors: [],
  } as const;
  await options.slots.use(() => replayNext(ports, range, context));
}
