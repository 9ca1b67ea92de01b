// What a new failure is, worked out a second time in plain TypeScript from the contract's words alone: no SQL and nothing of
// src. Times are whole microseconds.

export type ModelRun = {
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'ERROR';
  readonly group: string;
  readonly rampId: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly replayedAt: readonly number[];
  /**
   * What the bot's own books say: nothing; that it failed in a replay and this finish was it; the same of an earlier finish; that
   * it was left alone at its turn; or that it is at the endpoint, where it was replayed already, or not yet.
   */
  readonly books: 'none' | 'replayed' | 'replayed_before' | 'left_alone' | 'replayed_there' | 'sent';
};

export type ModelAsked = {
  readonly now: number;
  readonly dryRunAt: number;
  readonly minutes: number;
  readonly groups: readonly string[];
  readonly rampIds: readonly number[];
  /** Without the index, executions that are older than a day don't count by when they finished. */
  readonly hasIndex: boolean;
};

const MINUTE = 60e6;
const DAY = 24 * 60 * MINUTE;
const FRESH = 10 * MINUTE;

/** When a run failed like those that are asked about; null where it has not. */
function failedAt(run: ModelRun, { now, groups, hasIndex }: ModelAsked): number | null {
  if (run.status !== 'ERROR' || !groups.includes(run.group)) return null;
  const { createdAt, finishedAt, replayedAt, books } = run;
  if (finishedAt === null || replayedAt.some((at) => at >= finishedAt)) return createdAt;
  // Whatever the clocks of the history and of the finish.
  if (books === 'replayed' || (books === 'replayed_there' && replayedAt.length > 0)) return createdAt;
  if (!hasIndex && createdAt < now - DAY) return createdAt;
  return Math.max(createdAt, finishedAt);
}

/** What there is to know, and the verdict. */
export function liveOf(runs: readonly ModelRun[], asked: ModelAsked) {
  const { now, dryRunAt, minutes, rampIds } = asked;
  const failures = runs.map((run) => failedAt(run, asked)).filter((at) => at !== null);
  const newest = failures.length === 0 ? null : Math.max(...failures);
  const since = (moment: number) => failures.filter((at) => at >= moment).length;
  const succeeded = runs.filter(
    (run) =>
      newest !== null && run.status === 'SUCCESS' && rampIds.includes(run.rampId) && run.createdAt > newest,
  ).length;
  const isFresh = newest !== null && (newest >= now - FRESH || newest >= dryRunAt);
  const fine = succeeded > 0 ? 'looks_live' : 'not_proven';
  return {
    newest,
    lately: since(now - minutes * MINUTE),
    fresh: since(Math.min(now - FRESH, dryRunAt)),
    succeeded,
    verdict: isFresh ? 'not_live' : fine,
  };
}
