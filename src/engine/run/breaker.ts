// When a run should not go on by itself: the same error three times in a row for one vendor, or too many failures
// among the latest replays. Pure; what all processes of the run have done is read from the audit trail.

export type BreakerLimits = {
  /** So many replays in a row with the same error hold the vendor's rows. */
  readonly sameErrorInARow: number;
  /** How many of the latest replays are looked at … */
  readonly window: number;
  /** … and which share of them may fail before the run pauses. */
  readonly failingShare: number;
};

/** One replay that ran the steps. */
export type Observed = {
  readonly vendorId: number;
  /** Its error group, null where it succeeded. */
  readonly error: string | null;
  /** The error is the one that the row had in the plan. */
  readonly original: boolean;
};

export type Tripped =
  | {
      readonly kind: 'hold_vendor';
      readonly vendorId: number;
      readonly error: string;
      readonly inARow: number;
      /** The original error came back, in one of them at least. */
      readonly original: boolean;
    }
  | { readonly kind: 'pause'; readonly failed: number; readonly originals: number; readonly of: number };

/** How many of a run's latest events have to be read, so that the replays of one vendor among many are found. */
export function lookBack(limits: BreakerLimits): number {
  return 20 * Math.max(limits.window, limits.sameErrorInARow);
}

/**
 * What a failed replay of `vendorId` trips, or null. `latest` has the run's replays up to that one, newest first, back
 * to where somebody last let the run go on.
 */
export function trip(limits: BreakerLimits, latest: readonly Observed[], vendorId: number): Tripped | null {
  const own = latest.filter((replay) => replay.vendorId === vendorId);
  const error = own[0]?.error ?? null;
  const other = own.findIndex((replay) => replay.error !== error);
  const inARow = other < 0 ? own.length : other;
  if (error !== null && inARow >= limits.sameErrorInARow) {
    const original = own.slice(0, inARow).some((replay) => replay.original);
    return { kind: 'hold_vendor', vendorId, error, inARow, original };
  }
  const window = latest.slice(0, limits.window);
  const failed = window.filter((replay) => replay.error !== null).length;
  const originals = window.filter((replay) => replay.original).length;
  const full = window.length === limits.window;
  return full && failed > limits.window * limits.failingShare
    ? { kind: 'pause', failed, originals, of: limits.window }
    : null;
}
