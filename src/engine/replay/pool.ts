// Works off a range of a plan's rows with several workers. One failure never stops the others.
import type { RowRange } from '../../store/claim.ts';
import type { EnginePorts } from '../ports.ts';
import type { Replay } from './replay-one.ts';
import type { Slots } from './slots.ts';
import { type ReplayContext, replayNext } from './tries.ts';

export type WorkedOff = {
  /** What became of each row that this call had in hand. */
  readonly replays: readonly Replay[];
  /** Why it ended before the range was empty: the database was gone, or a bug. */
  readonly trouble: unknown;
};

export type PoolOptions = {
  readonly workers: number;
  readonly slots: Slots;
  /** Asked before each replay. */
  readonly stop: () => boolean;
  /** Where no row is free in the range from `first` on: whether there are rows elsewhere to look at. */
  readonly onNone: (first: number) => boolean;
  /** Told of each replay before its worker goes on. */
  readonly onReplay: (replay: Replay) => Promise<void>;
};

/**
 * Replays rows of `range` until none is free. What it did until trouble came is answered together with the trouble, so that
 * a caller can say both. Never throws.
 */
export async function replayRows(
  ports: EnginePorts,
  range: () => Omit<RowRange, 'busyVendors'>,
  context: ReplayContext,
  options: PoolOptions,
): Promise<WorkedOff> {
  const { slots, stop, onNone, onReplay } = options;
  const replays: Replay[] = [];
  const next = async (): Promise<Replay> => {
    // Asked behind the wait for a slot: by then the process may be stopping.
    if (stop()) return { kind: 'none', first: 0 };
    return replayNext(ports, { ...range(), busyVendors: context.gate.now().busy }, context);
  };
  const work = async () => {
    while (!stop()) {
      const replay = await slots.use(next);
      if (replay.kind === 'none') {
        if (stop() || !onNone(replay.first)) return;
      } else if (replay.kind !== 'in_other_hands') {
        replays.push(replay);
        await onReplay(replay);
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: options.workers }, work));
  const broken = ends.find((end) => end.status === 'rejected');
  return { replays, trouble: broken?.reason };
}
