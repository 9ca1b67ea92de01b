// Slows down callers whose credentials keep being wrong. Kept in memory and bounded: guessing can't fill a table.

export type Slowdown = {
  /** How long to wait before saying no to this address, in milliseconds; counts the failure. */
  failed(address: string): number;
  /** How many failures were counted since the start. */
  readonly total: number;
};

const FREE_FAILURES = 3;
const STEP_MS = 250;
const MAX_MS = 2000;
const FORGET_MS = 60_000;
const MAX_ADDRESSES = 10_000;

/** Counts failures by address; `now` is in milliseconds. An address is forgotten a minute after its last failure. */
export function createSlowdown(now: () => number): Slowdown {
  const failures = new Map<string, { count: number; at: number }>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    failed: (address) => {
      total += 1;
      const at = now();
      const before = failures.get(address);
      const count = before !== undefined && at - before.at < FORGET_MS ? before.count + 1 : 1;
      failures.delete(address);
      failures.set(address, { count, at });
      for (const oldest of failures.keys()) {
        if (failures.size <= MAX_ADDRESSES) break;
        failures.delete(oldest);
      }
      return Math.min(MAX_MS, Math.max(0, count - FREE_FAILURES) * STEP_MS);
    },
  };
}
