// How many replays run at once in this process, and how fast they begin.

/** Lets at most so many replays run at once, whichever batch or call they belong to. */
export type Slots = {
  use<Result>(work: () => Promise<Result>): Promise<Result>;
};

export type Rate = {
  /** Replays that begin in a second; null for as many as go. */
  readonly perSecond: number | null;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
};

/**
 * `size` slots; who waits longest is served first. With `perSecond` no more replays than that begin in a second, so that
 * live traffic keeps its room.
 */
export function createSlots(size: number, rate: Rate): Slots {
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
