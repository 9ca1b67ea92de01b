// Chunks of at most 25: how a run's progress is counted and told. Replays don't wait for a chunk to be full or done.
import type { Run } from './run.ts';

/** Closes every chunk whose rows have all had their turn (or are locked or held), each with its counts, once. */
export async function closeChunks(run: Run): Promise<void> {
  const { ports, batch, chunkSize } = run;
  const { eligible } = batch.summary;
  const chunks = Math.ceil(eligible / chunkSize);
  while (run.chunksDone < chunks) {
    const chunk = run.chunksDone + 1;
    const first = run.chunksDone * chunkSize + 1;
    const last = Math.min(chunk * chunkSize, eligible);
    const report = await ports.reports.chunk(ports.db.autocommit, batch.id, first, last);
    if (report.open > 0) return;
    const evidence = { chunk, chunks, ...report };
    await ports.db.transaction(async (tx) => {
      if (!(await ports.batches.chunkDone(tx, batch.id, chunk))) return;
      await ports.audit.add(tx, { batchId: batch.id, action: 'chunk', actor: run.actor, evidence });
    });
    run.chunksDone = chunk;
    ports.onChange(batch.id);
  }
}
