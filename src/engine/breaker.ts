// When a run should not go on by itself: the same error three times in a row for one vendor, or too many failures
// among the latest replays. Pure; it remembers what this process has seen and decides nothing about other batches.

export type BreakerLimits = {
  /** So many replays in a row with the same error hold the vendor's rows. */
  readonly sameErrorInARow: number;
  /** How many of the latest replays are looked at … */
  readonly window: number;
  /** … and which share of them may fail before the run pauses. */
  readonly failingShare: number;
};

/** Three in a row hold a vendor; over a third of the last 25 pauses the run. */
export const DEFAULT_LIMITS: BreakerLimits = { sameErrorInARow: 3, window: 25, failingShare: 1 / 3 };

/** One replay that ran the steps. `error` is its error group, null where it succeeded. */
export type Observed = { readonly vendorId: number; readonly error: string | null };

export type Tripped =
  | {
      readonly kind: 'hold_vendor';
      readonly vendorId: number;
      readonly error: string;
      readonly inARow: number;
    }
  | { readonly kind: 'pause'; readonly failed: number; readonly of: number };

export type Breaker = {
  /** Takes one outcome and answers what it trips, or null. */
  observe(replay: Observed): Tripped | null;
};

/** A breaker that has seen nothing yet. */
export function createBreaker(limits: BreakerLimits): Breaker {
  const streaks = new Map<number, { error: string; inARow: number }>();
  let latest: boolean[] = [];
  return {
    observe: ({ vendorId, error }) => {
      latest = [...latest, error !== null].slice(-limits.window);
      if (error === null) {
        streaks.delete(vendorId);
        return null;
      }
      const before = streaks.get(vendorId);
      const inARow = before?.error === error ? before.inARow + 1 : 1;
      streaks.set(vendorId, { error, inARow });
      if (inARow >= limits.sameErrorInARow) {
        streaks.delete(vendorId);
        return { kind: 'hold_vendor', vendorId, error, inARow };
      }
      const failed = latest.filter(Boolean).length;
      if (latest.length < limits.window || failed <= limits.window * limits.failingShare) return null;
      latest = [];
      return { kind: 'pause', failed, of: limits.window };
    },
  };
}
