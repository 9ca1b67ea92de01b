// Works off a range of a plan's rows with several replays at once. One failure never stops the others.
import type { EnginePorts, Turn, TurnRange } from '../ports.ts';
import { type Opening, type Replay, type ReplayContext, replayOne } from '../replay/replay-one.ts';
import type { VendorGate } from '../replay/vendor-gate.ts';

/** Lets at most so many replays run at once in this process, whichever batch or call they belong to. */
export type Slots = {
  /** `mayKeep` says whether the slot may be used for one replay more: nobody waits for it, and there is no pace. */
  use<Result>(work: (mayKeep: () => boolean) => Promise<Result>): Promise<Result>;
};

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
  const mayKeep = () => waiting.length === 0 && rate.perSecond === null;
  return {
    use: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        await pace();
        return await work(mayKeep);
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
  const rangeBut = (leaving?: Turn) => ({ ...range(), busyVendors: vendors.now(leaving).busy });
  const lane = async () => {
    while (!options.stop()) {
      const last = await slots.use((mayKeep) => takeTurns(() => mayKeep() && !options.stop()));
      if (last.kind === 'none' && (options.stop() || !options.onNone(last.first))) return;
    }
  };
  // Turn after turn in one slot; answers what became of the last. What is open ahead is given up with the slot: whoever
  // gets that may need what is locked.
  const takeTurns = async (goOn: () => boolean): Promise<Replay> => {
    const line = ports.db.line<Opening>();
    const next = (turn: Turn) => (goOn() ? rangeBut(turn) : null);
    try {
      for (;;) {
        // Asked again behind the wait for a slot: by then the process may be stopping.
        if (options.stop()) return { kind: 'none', first: 0 };
        const replay = await replayOne(ports, rangeBut(), {
          ...context,
          gate: vendors,
          lane: { line, next },
        });
        if (replay.kind === 'none') return replay;
        if (replay.kind !== 'in_other_hands') {
          replays.push(replay);
          await options.onReplay(replay);
        }
        if (!goOn()) return replay;
      }
    } finally {
      await line.close();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: options.lanes }, lane));
  const broken = ends.find((end) => end.status === 'rejected');
  return { replays, trouble: broken?.reason };
}
