// What of a plan was fixed while it waits: counted now and then, and by whoever is about to approve it. The plan itself stays
// as it is; each row is judged at its turn.
import { z } from 'zod';
import { maybeRow, row, type Tx } from '../postgres/tx.ts';

/** Each waiting plan is counted again once in so long, by whichever process comes to it first. */
const EVERY = '50 seconds';

/** SQL: the eligible rows of batch $1, and whether their execution has a project or succeeded, whoever saw to that. */
const ELIGIBLE = `from retry_batch.plan_rows t
     left join or_ramp_executions e on e.id = t.execution_id
     where t.batch_id = $1 and t.skip_reason is null`;
const IS_FIXED = `(coalesce(e.status_code = 'SUCCESS', false) or exists (select from or_projects p where p.execution_id = e.id))`;

const counted = z.object({ fixed: z.number() });

/** Compare-and-set: whether it is the caller's to count this waiting batch now. Throws as `Tx.query` does. */
export async function isDue(tx: Tx, batchId: string): Promise<boolean> {
  const taken = await tx.query(
    `update retry_batch.batches set fixed_counted_at = now()
     where id = $1 and status = 'waiting' and coalesce(fixed_counted_at, requested_at) < now() - interval '${EVERY}'`,
    [batchId],
  );
  return taken.rowCount === 1;
}

/** Counts what is fixed by now. Throws as `Tx.query` does. */
export async function countFixed(tx: Tx, batchId: string): Promise<number> {
  const sql = `select count(*) as fixed ${ELIGIBLE} and ${IS_FIXED}`;
  return (await row(tx, counted, sql, [batchId])).fixed;
}

/** Whether nothing is left to replay: known at the first row that is left, however large the plan. Throws as `Tx.query` does. */
export async function isAllFixed(tx: Tx, batchId: string): Promise<boolean> {
  const sql = `select not exists (select ${ELIGIBLE} and not ${IS_FIXED}) as "allFixed"`;
  return (await row(tx, z.object({ allFixed: z.boolean() }), sql, [batchId])).allFixed;
}

/** Notes it, while the batch waits; answers whether that is news. Throws as `Tx.query` does. */
export async function noteFixed(tx: Tx, batchId: string, fixed: number): Promise<boolean> {
  const noted = await maybeRow(
    tx,
    counted,
    `update retry_batch.batches set fixed = $2, fixed_counted_at = now()
     where id = $1 and status = 'waiting' and coalesce(fixed, 0) <> $2 returning fixed`,
    [batchId, fixed],
  );
  return noted !== undefined;
}
