// Which part of the data is asked about: windows with exactly so many failed executions in them. Dry runs look at the
// newest; every run replays a window of its own from the oldest on, so that no run finds another's work.
import type { BenchDatabase } from './database.ts';

export type Window = { readonly since: string; readonly until: string };

/** What the dry runs ask for; most of the failures have it. */
export const PATTERN = 'new_task';

/** Of so many failures in a window about this share is eligible, where no error pattern is asked for. */
const ELIGIBLE_SHARE = 0.83;

const AT = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;
const FAILED = `from or_ramp_executions where status_code = 'ERROR'`;
const BEGINNING = '2026-01-01T00:00:00Z';
const END = '2026-06-01T00:00:00Z';

/** The window of the newest `matched` failures; where these are all, the window of everything. */
export async function newest(db: BenchDatabase, matched: number): Promise<Window> {
  const [first, older] = await db.sql<{ at: string }>(
    `select ${AT} ${FAILED} order by created_at desc offset $1 limit 2`,
    [matched - 1],
  );
  return { since: first === undefined || older === undefined ? BEGINNING : first.at, until: END };
}

/** How many failures there are before anything is replayed. */
export async function failures(db: BenchDatabase): Promise<number> {
  return (await db.one<{ n: number }>(`select count(*) as n ${FAILED}`)).n;
}

export const USED_UP = 'the data is used up: take more --rows, or fewer --repeats';

export type Slices = {
  /** The next window, with about so many eligible executions. Throws where the data is used up. */
  next(eligible: number): Promise<Window>;
  /** How many eligible executions there are in about, behind the last window. */
  left(): Promise<number>;
  /** Begins with the oldest failure again. */
  rewind(): void;
};

/** Windows one behind the other, from the oldest failure on. */
export function createSlices(db: BenchDatabase): Slices {
  let since = BEGINNING;
  return {
    next: async (eligible) => {
      const [end] = await db.sql<{ at: string }>(
        `select ${AT} ${FAILED} and created_at >= $1 order by created_at offset $2 limit 1`,
        [since, Math.ceil(eligible / ELIGIBLE_SHARE)],
      );
      if (end === undefined) throw new Error(USED_UP);
      const window = { since, until: end.at };
      since = end.at;
      return window;
    },
    left: async () => {
      const { n } = await db.one<{ n: number }>(`select count(*) as n ${FAILED} and created_at >= $1`, [
        since,
      ]);
      return n * ELIGIBLE_SHARE;
    },
    rewind: () => {
      since = BEGINNING;
    },
  };
}
