// Works off one range of a plan's rows with several replays at once. One failure never stops the others.

import type { EnginePorts, TurnRange } from './ports.ts';
import type { ReplayContext } from './replay-one.ts';
import { type Replay, replayOne } from './replay-one.ts';

/** Lets at most so many replays run at once in this process, whichever batch or call they belong to. */
export type Slots = { use<Result>(work: () => Promise<Result>): Promise<Result> };

/** `size` slots; who waits longest is served first. */
export function createSlots(size: number): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  return {
    use: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

const NONE: Replay = { kind: 'none' };

export type Drained = {
  /** What became of each row that this call had in hand. */
  readonly replays: readonly Replay[];
  /** Why it ended before the range was empty: the database was gone, or a bug. */
  readonly trouble: unknown;
};

/**
 * Replays rows of `range` until none is free, `lanes` at a time. `stop` is asked before each replay. What it did
 * until trouble came is answered together with the trouble, so that a caller can say both.
 */
export async function drain(
  ports: EnginePorts,
  slots: Slots,
  range: TurnRange,
  context: ReplayContext,
  lanes: number,
  stop: () => boolean,
): Promise<Drained> {
  const replays: Replay[] = [];
  const inHand = new Set<number>();
  const lane = async () => {
    while (!stop()) {
      // Asked again behind the wait for a slot: by then the process may be stopping.
      const replay = await slots.use(async () => (stop() ? NONE : replayOne(ports, range, context, inHand)));
      if (replay.kind === 'none') return;
      replays.push(replay);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const broken = ends.find((end) => end.status === 'rejected');
  return { replays, trouble: broken?.reason };
}
