// What a run's chunks came to, and how many are counted as done.
import { z } from 'zod';
import { rowState } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

const TOP_FAILURES = 10;

export type ChunkReport = {
  /** Its number, from 1. */
  readonly chunk: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notReached: number;
  /** Locked at their turn: they come again at the end. */
  readonly deferred: number;
  /** Without an outcome and not deferred: still in somebody's hands. */
  readonly open: number;
  readonly newFailures: readonly {
    readonly group: string;
    readonly count: number;
    readonly example: string;
  }[];
};

const chunkRow = z.object({
  chunk: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  skipped: z.number(),
  notReached: z.number(),
  deferred: z.number(),
  open: z.number(),
});

const newFailure = z.object({ chunk: z.number(), group: z.string(), count: z.number(), example: z.string() });

/** What each chunk of `size` rows between two positions came to, and its error groups that no earlier row had. Throws as `Tx.query` does. */
export async function chunkReports(
  tx: Tx,
  batchId: string,
  { first, last, size }: { first: number; last: number; size: number },
): Promise<ChunkReport[]> {
  const counted = await rows(
    tx,
    chunkRow,
    `select (position - 1) / $4 + 1 as chunk, count(*) filter (where state = 'succeeded') as succeeded,
       count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'skipped') as skipped,
       count(*) filter (where outcome = 'not_reached') as "notReached",
       count(*) filter (where state = 'deferred') as deferred, count(*) filter (where state in ('open', 'sent')) as open
     from (select position, outcome, ${rowState('t')} as state from retry_batch.plan_rows t
       where batch_id = $1 and position between $2 and $3 and skip_reason is null) counted
     group by 1 order by 1`,
    [batchId, first, last, size],
  );
  const failing = counted.some((chunk) => chunk.failed > 0);
  const failures = failing ? await newFailures(tx, [batchId, first, last, size]) : [];
  return counted.map((chunk) => ({
    ...chunk,
    newFailures: failures
      .filter((one) => one.chunk === chunk.chunk)
      .slice(0, TOP_FAILURES)
      .map(({ chunk: _, ...failure }) => failure),
  }));
}

function newFailures(tx: Tx, span: readonly unknown[]) {
  return rows(
    tx,
    newFailure,
    `select (t.position - 1) / $4 + 1 as chunk, t.outcome_error_group as "group", count(*) as count,
       min(left(t.outcome_error_message, 300)) as example
     from retry_batch.plan_rows t
     where t.batch_id = $1 and t.position between $2 and $3 and t.outcome = 'error'
       and not exists (select from retry_batch.plan_rows earlier
         where earlier.batch_id = $1 and earlier.position <= (t.position - 1) / $4 * $4 and earlier.outcome = 'error'
           and earlier.outcome_error_group = t.outcome_error_group)
     group by 1, 2 order by 1, 3 desc, 2`,
    span,
  );
}

/**
 * Compare-and-set: counts chunks as done, `to` where `from` were; false where somebody else did, or ended the run. Throws as
 * `Tx.query` does.
 */
export async function countChunks(tx: Tx, batchId: string, from: number, to: number): Promise<boolean> {
  const counted = await tx.query(
    // Another process may have ended the run meanwhile: after its end nothing is told of it any more.
    `update retry_batch.batches set chunks_done = $3 where id = $1 and chunks_done = $2 and ended_at is null`,
    [batchId, from, to],
  );
  return counted.rowCount === 1;
}

/** How many chunks are counted as done. Throws as `Tx.query` does. */
export async function chunksDone(tx: Tx, batchId: string): Promise<number> {
  const counted = z.object({ done: z.number() });
  return (
    await row(tx, counted, `select chunks_done as done from retry_batch.batches where id = $1`, [batchId])
  ).done;
}
