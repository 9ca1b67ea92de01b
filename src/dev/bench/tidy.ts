// Each row of the table begins as a bot's database is where dry runs are rare: without the plans of the rows before it.
import type { BenchDatabase } from './database.ts';

/** Takes the lists of what has ended away, as pruning does a month later, and the room that they took. */
export async function tidy(db: BenchDatabase): Promise<void> {
  await db.sql(
    `delete from retry_batch.plan_rows p using retry_batch.batches b
     where b.id = p.batch_id and b.status in ('previewed', 'cancelled', 'finished', 'stopped')`,
  );
  await db.sql(`drop table if exists peer.plan`);
  await db.sql(`vacuum (analyze) retry_batch.plan_rows`);
  await db.sql(`vacuum (analyze) or_ramp_executions`);
}
