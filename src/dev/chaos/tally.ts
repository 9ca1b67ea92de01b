// What demonstrably happened: a fault is counted when its effect was seen, not when it was ordered.

export type Tally = {
  /** Counts an event of this kind, so many times. */
  add(kind: string, times?: number): void;
  counts(): Readonly<Record<string, number>>;
};

/** Nothing counted yet. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (kind, times = 1) => {
      if (times > 0) counts.set(kind, (counts.get(kind) ?? 0) + times);
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** The sums over both, by kind. */
export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const kinds = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(kinds.map((kind) => [kind, (a[kind] ?? 0) + (b[kind] ?? 0)]));
}
