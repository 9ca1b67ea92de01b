// Measuring: subject and peer in turn, so that whatever else the machine does meets both; medians; what was to reach.

export type Figure = {
  readonly label: string;
  readonly unit: string;
  readonly median: number;
  readonly samples: readonly number[];
};

export type Goal = { readonly most: number } | { readonly least: number };

export type Comparison = {
  readonly what: string;
  readonly subject: Figure;
  readonly peer: Figure | null;
  /** The subject's median by the peer's. */
  readonly ratio: number | null;
  readonly goal: Goal | null;
  readonly met: boolean | null;
};

/** One row of the table: what was measured, and what has to be said about it. */
export type RowResult = {
  readonly name: string;
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
  readonly plans: readonly { readonly title: string; readonly text: string }[];
  /** Wrong results, not slow ones: nothing measured beside them counts. */
  readonly wrong: readonly string[];
};

export type Sampled = { readonly label: string; readonly unit: string; run(): Promise<number> };

/** Takes what a row has measured so far, round by round, for the case that the benchmark is stopped in its middle. */
export type Publish = (soFar: RowResult) => void;

/**
 * Runs them all in turn, `repeats` times; the first round is warm-up where `warmUp` says so. After each round `onRound` is
 * given the figures so far.
 */
export async function interleave(
  subjects: readonly Sampled[],
  repeats: number,
  warmUp: boolean,
  onRound: (soFar: Figure[]) => void = () => {},
): Promise<Figure[]> {
  const samples = subjects.map((): number[] => []);
  const figures = () =>
    subjects.map(({ label, unit }, index) => figure(label, unit, [...(samples[index] ?? [])]));
  for (let round = warmUp ? -1 : 0; round < repeats; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const sample = await subject.run();
      if (round >= 0) samples[index]?.push(sample);
    }
    if (round >= 0) onRound(figures());
  }
  return figures();
}

/** The samples under one name. */
export function figure(label: string, unit: string, samples: readonly number[]): Figure {
  return { label, unit, median: quantile(samples, 0.5), samples };
}

/** The value that a share `q` of the samples doesn't exceed, between two samples where it falls there. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError('nothing was measured');
  return low + (high - low) * (at - Math.floor(at));
}

/** Two figures side by side. */
export function compare(
  what: string,
  subject: Figure | undefined,
  peer: Figure | undefined,
  goal: Goal | null,
): Comparison {
  if (subject === undefined) throw new RangeError(`nothing was measured: ${what}`);
  const ratio = peer === undefined ? null : subject.median / peer.median;
  return { what, subject, peer: peer ?? null, ratio, goal, met: meets(ratio, goal) };
}

/** A figure without a peer; the goal is about the figure itself. */
export function alone(what: string, subject: Figure, goal: Goal | null = null): Comparison {
  return { what, subject, peer: null, ratio: null, goal, met: meets(subject.median, goal) };
}

function meets(value: number | null, goal: Goal | null): boolean | null {
  if (goal === null || value === null) return null;
  return 'most' in goal ? value <= goal.most : value >= goal.least;
}
