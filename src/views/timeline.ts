// The picture of a batch as data: when its errors came up, what was done about them and when, and whether they came up again.
import type { Batch } from '../domain/plan.ts';
import type { Tx } from '../postgres/tx.ts';
import { countedBySteps, type Origin, originOf, othersLike } from '../store/failures.ts';
import { kept } from '../store/lists.ts';
import { type Axis, axisOf, stepOf } from './axis.ts';

export type TimelineBar = {
  readonly at: number;
  /** Failures: rows that are to be replayed, rows like them that are left alone, and executions outside of the plan. */
  readonly eligible: number;
  readonly alone: number;
  readonly others: number;
  /** Replays that ended then. */
  readonly succeeded: number;
  readonly failed: number;
};

export type Mark = { readonly what: string; readonly from: number; readonly to: number };

export type Timeline = {
  readonly axis: Axis;
  /** One for each of the axis' steps, breaks left out. */
  readonly bars: readonly TimelineBar[];
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly marks: readonly Mark[];
  /**
   * Which executions outside of the plan are drawn: where not all of its rows are stored, nobody can tell them from the others of
   * its window, and of hand-picked ones from any.
   */
  readonly othersAre: 'all' | 'outside_of_window' | 'not_drawn';
  /** Eligible rows of the plan; a call over HTTP does not store all of them. */
  readonly eligible: number;
  /** More executions outside of the plan failed than were looked at: those bars are "at least". */
  readonly isMore: boolean;
};

const MINUTE = 60_000;

/** The batch's timeline; null where none of its failures is stored. `now` in milliseconds. */
export async function timelineOf(tx: Tx, batch: Batch, now: number): Promise<Timeline | null> {
  const origin = await originOf(tx, batch.id);
  const { first, last } = origin;
  if (first === null || last === null) return null;
  const marks = marksOf(batch, now);
  const to = endOf(last, marks, now);
  const othersAre = await othersOf(tx, batch);
  const others =
    othersAre === 'not_drawn'
      ? { moments: [], isMore: false }
      : await othersLike(tx, batch.id, origin.groups, [first, to], othersAre === 'all' ? null : batch.window);
  const moments = others.moments.map((moment) => [moment, moment] as const);
  const axis = axisOf([
    [first, last],
    ...marks.map((mark) => [mark.from, mark.to] as const),
    ...moments,
    [to, to],
  ]);
  return {
    ...(await drawn(tx, batch, origin, others.moments, axis)),
    marks,
    othersAre,
    eligible: batch.summary.eligible,
    isMore: others.isMore,
  };
}

/** In Slack all of a plan is stored; a call over HTTP stores what it lists or tries. */
async function othersOf(tx: Tx, { id, door, summary, window }: Batch): Promise<Timeline['othersAre']> {
  if (door === 'slack') return 'all';
  const { eligible, skipped } = await kept(tx, id);
  if (eligible + skipped >= summary.matched) return 'all';
  return window === null ? 'not_drawn' : 'outside_of_window';
}

async function drawn(tx: Tx, batch: Batch, { groups }: Origin, others: readonly number[], axis: Axis) {
  const bars = axis.steps.map((at) => ({ at, eligible: 0, alone: 0, others: 0, succeeded: 0, failed: 0 }));
  for (const counted of await countedBySteps(tx, batch.id, groups, axis)) {
    const bar = bars[stepOf(axis, axis.from + counted.step * axis.stepMs) ?? -1];
    if (bar === undefined) continue;
    bar.eligible += counted.eligible;
    bar.alone += counted.alone;
    bar.succeeded += counted.succeeded;
    bar.failed += counted.failed;
  }
  for (const moment of others) {
    const bar = bars[stepOf(axis, moment) ?? -1];
    if (bar !== undefined) bar.others += 1;
  }
  const window =
    batch.window === null
      ? null
      : { from: Date.parse(batch.window.since), to: Date.parse(batch.window.until) };
  return { axis, bars, window };
}

/** What was done, in its order. */
function marksOf(batch: Batch, now: number): Mark[] {
  const at = (what: string, from: Date | null, to = from): Mark[] =>
    from === null || to === null ? [] : [{ what, from: from.getTime(), to: to.getTime() }];
  return [
    ...at(batch.door === 'slack' || batch.request.dry_run ? 'dry run' : 'call', batch.requestedAt),
    ...at(batch.status === 'cancelled' ? 'cancelled' : 'approval', batch.decidedAt),
    ...at('replays', batch.startedAt, batch.endedAt ?? new Date(now)),
  ];
}

/** Some time behind what was done last, so that it is seen whether the errors came up again. */
function endOf(last: number, marks: readonly Mark[], now: number): number {
  const done = Math.max(last, ...marks.map((mark) => mark.to));
  return Math.max(done + 1, Math.min(now, done + 30 * MINUTE));
}
