// Works off a range of a plan's rows with several replays at once. One failure never stops the others.
import type { EnginePorts, TurnRange } from './ports.ts';
import { type Replay, type ReplayContext, replayOne } from './replay-one.ts';
import type { VendorGate } from './vendor-gate.ts';

/** Lets at most so many replays run at once in this process, whichever batch or call they belong to. */
export type Slots = { use<Result>(work: () => Promise<Result>): Promise<Result> };

/**
 * `size` slots; who waits longest is served first. With `perSecond` no more replays than that begin in a second, so
 * that live traffic keeps its room.
 */
export function createSlots(
  size: number,
  rate: { perSecond: number | null; now(): number; sleep(milliseconds: number): Promise<void> },
): Slots {
  let free = size;
  let nextStart = 0;
  const waiting: (() => void)[] = [];
  const pace = async () => {
    if (rate.perSecond === null) return;
    const start = Math.max(rate.now(), nextStart);
    nextStart = start + 1000 / rate.perSecond;
    if (start > rate.now()) await rate.sleep(start - rate.now());
  };
  return {
    use: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        await pace();
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

export type Drained = {
  /** What became of each row that this call had in hand. */
  readonly replays: readonly Replay[];
  /** Why it ended before the range was empty: the database was gone, or a bug. */
  readonly trouble: unknown;
};

export type DrainOptions = {
  readonly lanes: number;
  readonly vendors: VendorGate;
  /** Asked before each replay. */
  readonly stop: () => boolean;
  /** Where no row is free in the range from `first` on: whether there are rows elsewhere to look at. */
  readonly onNone: (first: number) => boolean;
  /** Told of each replay before its lane goes on. */
  readonly onReplay: (replay: Replay) => Promise<void>;
};

/**
 * Replays rows of `range` until none is free. What it did until trouble came is answered together with the trouble,
 * so that a caller can say both.
 */
export async function drain(
  ports: EnginePorts,
  slots: Slots,
  range: () => Omit<TurnRange, 'busyVendors'>,
  context: ReplayContext,
  options: DrainOptions,
): Promise<Drained> {
  const replays: Replay[] = [];
  const { vendors } = options;
  const lane = async () => {
    while (!options.stop()) {
      let first = 0;
      // Asked again behind the wait for a slot: by then the process may be stopping.
      const replay = await slots.use(async (): Promise<Replay> => {
        if (options.stop()) return { kind: 'none' };
        const wanted = { ...range(), busyVendors: vendors.now().busy };
        first = wanted.first;
        return replayOne(ports, wanted, { ...context, gate: vendors });
      });
      if (replay.kind === 'none') {
        if (options.stop() || !options.onNone(first)) return;
        continue;
      }
      if (replay.kind === 'in_other_hands') continue;
      replays.push(replay);
      await options.onReplay(replay);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: options.lanes }, lane));
  const broken = ends.find((end) => end.status === 'rejected');
  return { replays, trouble: broken?.reason };
}
