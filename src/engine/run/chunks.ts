// Chunks of at most 25: how a run's progress is counted and told. Replays don't wait for a chunk to be full or done.

import { together } from '../../postgres/tx.ts';
import { type ChunkReport, chunkReports, chunksDone, countChunks } from '../../store/chunks.ts';
import { record } from '../record.ts';
import type { Run } from './run.ts';

/** So many are looked at in one go. */
const MOST_AT_ONCE = 40;

/**
 * Closes every chunk whose rows have all had their turn (or are locked or held), in order, each with its counts, once:
 * those that are done at one look in one transaction, because a commit for each would be one more for 25 replays. Throws as
 * `Transactions.transaction` does.
 */
export async function closeChunks(run: Run): Promise<void> {
  const { ports, batch, chunkSize: size } = run;
  const { eligible } = batch.summary;
  const chunks = Math.ceil(eligible / size);
  while (run.chunksDone < chunks) {
    const before = run.chunksDone;
    const span = { size, first: before * size + 1, last: Math.min((before + MOST_AT_ONCE) * size, eligible) };
    const reports = await chunkReports(ports.db.autocommit, batch.id, span);
    const open = reports.findIndex((report) => report.open > 0);
    const closing = open < 0 ? reports : reports.slice(0, open);
    if (closing.length === 0) return;
    run.chunksDone = await ports.db.transaction(async (tx) => {
      const counted = await countChunks(tx, batch.id, before, before + closing.length);
      if (!counted) return chunksDone(tx, batch.id);
      const event = { batchId: batch.id, action: 'chunk', actor: run.actor } as const;
      await together(
        ...closing.map((report) => record(ports, tx, { ...event, evidence: evidenceOf(report, chunks) })),
      );
      return before + closing.length;
    });
    // Ended by somebody else meanwhile.
    if (run.chunksDone <= before) return;
    ports.onChange(batch.id);
    // The next one may be done by now; it is closed at the next look, with others.
    if (open >= 0) return;
  }
}

/** How often it is looked whether a chunk is done. */
const CLOSE_EVERY_MS = 250;

/** Closes chunks beside `work`, and answers what it answers; `onLook` is told of each look. Throws what `work` throws. */
export async function closingChunks<Result>(
  run: Run,
  onLook: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const closing = (async () => {
    while (!done.signal.aborted) {
      // What goes wrong here goes wrong again where the run looks at its chunks itself, and is told there.
      await closeChunks(run).catch(() => {});
      onLook();
      await run.ports.clock.sleep(CLOSE_EVERY_MS, done.signal);
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await closing;
  }
}

/** As the trail has it; "putOff" is what the release before this one reads. */
function evidenceOf({ deferred, ...counts }: ChunkReport, chunks: number) {
  return { chunks, ...counts, putOff: deferred };
}
