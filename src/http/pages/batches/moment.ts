// How the pages read the database: each at one moment, and nothing for longer than somebody waits for a page.
import { type Database, reading } from '../../../postgres/database.ts';
import type { Tx } from '../../../postgres/tx.ts';
import { readOneMoment } from '../../../store/history.ts';

/**
 * As whoever reads much: also of a plan that was stored a moment ago, of which the planner knows nothing, a page is read over the key
 * (measured: 12 blocks of a hundred thousand rows; at Postgres' own price of a page out of order it read and sorted all, 4,200).
 */
export const PAGE = reading({ statementMs: 60_000, lockMs: 1000, idleMs: 20_000 });

/** What a page shows is of one moment, so that a run in the middle adds up as well. */
export function atOneMoment<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await readOneMoment(tx);
    return work(tx);
  }, PAGE);
}
