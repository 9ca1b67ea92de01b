// The axis of a picture over time: steps of a round length, and one break where nothing happened for long.

export type Axis = {
  /** When the first step begins; every step begins a multiple of `stepMs` behind it. */
  readonly from: number;
  readonly stepMs: number;
  /** When each step that is drawn begins, in milliseconds since 1970. */
  readonly steps: readonly number[];
  /** Behind how many of the steps the axis is broken; null where it isn't. */
  readonly breakAfter: number | null;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths that people count in. */
const LENGTHS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 3650].map((n) => n * DAY),
];

const MOST_STEPS = 60;

/** A stretch without anything is left out where it is longer than this share of what remains. */
const LONG = 1;

/** A stretch of time that belongs together; of a moment both ends are the same. */
export type Stretch = readonly [from: number, to: number];

/** The axis that these stretches fit on. */
export function axisOf(stretches: readonly Stretch[]): Axis {
  const first = Math.min(...stretches.map(([from]) => from));
  const last = Math.max(...stretches.map(([, to]) => to));
  const [before, after] = longestGap(stretches);
  const rest = last - first - (after - before);
  const isBroken = after - before > Math.max(LONG * rest, HOUR);
  const stepMs = lengthFor(isBroken ? rest : last - first);
  const from = Math.floor(first / stepMs) * stepMs;
  const stepsBetween = (start: number, end: number) => {
    const at = Math.floor((start - from) / stepMs);
    const count = Math.floor((end - from) / stepMs) - at + 1;
    return Array.from({ length: count }, (_, index) => from + (at + index) * stepMs);
  };
  if (!isBroken) return { from, stepMs, steps: stepsBetween(first, last), breakAfter: null };
  const head = stepsBetween(first, before);
  return { from, stepMs, steps: [...head, ...stepsBetween(after, last)], breakAfter: head.length };
}

/** Which step a moment falls in; null where it is not on the axis. */
export function stepOf({ steps, stepMs }: Axis, moment: number): number | null {
  const at = steps.findLastIndex((step) => step <= moment);
  const step = steps[at];
  return step === undefined || moment >= step + stepMs ? null : at;
}

/** So many steps wide is a break. */
const BREAK = 2;

/** Where a moment is on the axis, from 0 at its beginning to 1 at its end; what is beyond them is at them. */
export function placeOn({ steps, stepMs, breakAfter }: Axis, moment: number): number {
  const width = steps.length + (breakAfter === null ? 0 : BREAK);
  const at = steps.findLastIndex((step) => step <= moment);
  const step = steps[at];
  if (step === undefined) return 0;
  const broken = breakAfter !== null && at >= breakAfter ? BREAK : 0;
  return (at + broken + Math.min(1, (moment - step) / stepMs)) / width;
}

function lengthFor(span: number): number {
  return LENGTHS.find((length) => span / length < MOST_STEPS) ?? Math.ceil(span / MOST_STEPS);
}

/** The longest time that no stretch has anything of. */
function longestGap(stretches: readonly Stretch[]): Stretch {
  let found: Stretch = [0, 0];
  let reached = Number.POSITIVE_INFINITY;
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    if (from - reached > found[1] - found[0]) found = [reached, from];
    reached = Number.isFinite(reached) ? Math.max(reached, to) : to;
  }
  return found;
}
