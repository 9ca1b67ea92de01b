// What a run that has ended left, by customer and cause, and how often the original error came back.
import { z } from 'zod';
import type { Left } from '../domain/left.ts';
import { cameBack, isLeft, rowState } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

const count = z.number();
const leftRow = z
  .object({
    customer: z.string(),
    kind: z.enum(['error', 'locked', 'not_reached']),
    error: z.string(),
    original: z.boolean(),
    rows: count,
    held: count,
    all: count,
  })
  .transform(({ kind, error, original, all, ...rest }) => ({
    all,
    left: kind === 'error' ? { ...rest, kind, error, original } : { ...rest, kind },
  }));

/** The error that a held row was held for; of what an earlier release held there is a sentence with it. */
const HELD_FOR = `coalesce(t.held_for, retry_batch.error_group(null, t.held_because))`;

/** What is left, the largest `most` of its parts one by one. Throws as `Tx.query` does. */
export async function leftOf(tx: Tx, batchId: string, most: number): Promise<Left> {
  const found = await rows(
    tx,
    leftRow,
    `with t as (
       select t.vendor_id, t.error_group, ${rowState('t')} as state,
         case when t.outcome = 'error' then t.outcome_error_group
           when t.held_because is not null then ${HELD_FOR} end as error
       from retry_batch.plan_rows t where t.batch_id = $1 and t.skip_reason is null and ${isLeft('t')}),
     parts as (
       select vendor_id, error,
         case when error is not null then 'error' when state = 'skipped' then 'locked' else 'not_reached' end as kind,
         count(*) as rows, count(*) filter (where state = 'held') as held, bool_or(error = error_group) as original
       from t group by 1, 2, 3)
     select coalesce(v.name, 'vendor ' || p.vendor_id) as customer, p.kind, coalesce(p.error, '') as error,
       coalesce(p.original, false) as original, p.rows, p.held, sum(p.rows) over ()::bigint as all
     from parts p left join or_vendors v on v.id = p.vendor_id
     order by p.rows desc, p.vendor_id, p.error, p.kind limit $2`,
    [batchId, most],
  );
  const largest = found.map((one) => one.left);
  const shown = largest.reduce((sum, one) => sum + one.rows, 0);
  return { largest, others: (found[0]?.all ?? 0) - shown };
}

/** How many replays failed with the error that their row had in the plan. Throws as `Tx.query` does. */
export async function originalsOf(tx: Tx, batchId: string): Promise<number> {
  const { n } = await row(
    tx,
    z.object({ n: count }),
    `select count(*) filter (where ${cameBack('t')}) as n from retry_batch.plan_rows t where batch_id = $1`,
    [batchId],
  );
  return n;
}
