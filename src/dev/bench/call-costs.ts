// A backlog worked off by calls of 25, and what each call was seen to cost: bytes of WAL, rows of its plan, and time.
import { type Answered, callUntilNoneIsLeft } from './call.ts';
import { openClassifier } from './classifier.ts';
import type { BenchDatabase } from './database.ts';
import type { Release } from './release.ts';
import type { Stage } from './stage.ts';

const IN_A_CALL = 25;
/** About so many of a backlog's calls are measured beside the bare classification of the same window. */
const MOMENTS = 25;

export type CallCost = {
  readonly bytes: number;
  /** Of the bytes, pages that are logged as a whole because they change for the first time since a checkpoint. */
  readonly wholePages: number;
  readonly planRows: number;
  readonly milliseconds: number;
  /** Without the time from its first replay to its end. */
  readonly besideReplays: number;
  /** The bare classification of the window just before the call, where that was measured. */
  readonly classification: number | null;
};

/** Works off the next window with so many eligible rows, by calls to a bot of `release`. */
export async function costsOfBacklog(stage: Stage, release: Release, eligible: number): Promise<CallCost[]> {
  const { db } = stage;
  const window = await stage.slices.next(eligible);
  const every = Math.ceil(eligible / IN_A_CALL / MOMENTS);
  const calls: CallCost[] = [];
  const classifier = openClassifier(db.url);
  try {
    // A call lists what is skipped as well, up to 1,000 rows of it: a large window would have more of that to store.
    await classifier.putSkippedAside(window);
    // The first one of a connection is slower.
    await classifier.run(window, null);
    await stage.withBots({ release }, async ([bot]) => {
      await db.sql('create extension if not exists pg_walinspect');
      await db.sql('checkpoint');
      await callUntilNoneIsLeft(bot, window, async (make) => {
        const due = calls.length % every === 0;
        const classification = due ? (await classifier.run(window, null)).milliseconds : null;
        const from = await endOfLog(db);
        const answer = await make();
        const wal = await writtenBetween(db, from, await endOfLog(db));
        calls.push({ ...wal, ...(await costOf(db, answer)), classification });
        return answer;
      });
    });
    // The last one has fewer rows.
    return calls.length > 1 ? calls.slice(0, -1) : calls;
  } finally {
    await classifier.close();
  }
}

/** A row's time is when its transaction began, and the batch's end when the transaction that ended it began. */
async function costOf(db: BenchDatabase, { batchId, milliseconds }: Answered) {
  const { planRows, replays } = await db.one<{ planRows: number; replays: number | null }>(
    `select count(*) as "planRows", (extract(epoch from b.ended_at - min(t.done_at)) * 1000)::float8 as replays
     from retry_batch.batches b join retry_batch.plan_rows t on t.batch_id = b.id
     where b.id = $1 group by b.ended_at`,
    [batchId],
  );
  if (replays === null) throw new Error(`batch ${batchId} did not end, or replayed nothing`);
  return { planRows, milliseconds, besideReplays: milliseconds - replays };
}

async function endOfLog(db: BenchDatabase): Promise<string> {
  return (await db.one<{ lsn: string }>(`select pg_current_wal_insert_lsn() as lsn`)).lsn;
}

async function writtenBetween(db: BenchDatabase, from: string, to: string) {
  return db.one<{ bytes: number; wholePages: number }>(
    `select pg_wal_lsn_diff($2, $1)::float8 as bytes, coalesce(sum(fpi_size), 0)::float8 as "wholePages"
     from pg_get_wal_stats($1, $2)`,
    [from, to],
  );
}
