// A batch's rows by customer, and the projects that are missing, counted in one statement.
import { z } from 'zod';
import type { CustomerFigures } from '../domain/customers.ts';
import { rowState } from '../domain/row-state.ts';
import { rows, type Tx } from '../postgres/tx.ts';

const count = z.number();
const figuresRow = z.object({
  vendorId: z.number(),
  name: z.string(),
  matched: count,
  eligible: count,
  skipped: count,
  succeeded: count,
  failed: count,
  skippedAtTurn: count,
  notReached: count,
  missing: count,
  created: count,
  leftAlone: count,
});

/**
 * SQL: whether the row's execution has a project, or another one of its trigger has. Row by row over their indexes: of rows that
 * were written a moment ago the planner knows nothing, and "offset 0" keeps it from reading all projects instead. Most have a
 * project of their own, and the trigger is not looked at.
 */
const HAS_PROJECT = `cross join lateral (
    select case when exists (select from or_projects p where p.execution_id = t.execution_id) then true
      else exists (select from or_ramp_executions e
        join or_ramp_executions s on s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key
        join or_projects p on p.execution_id = s.id
        where e.id = t.execution_id) end as project
    offset 0) has`;

/** The statement, for whoever measures it; $1 is the batch, $2 which of its rows. */
export const CUSTOMERS_TEXT = `
     with t as materialized (
       select t.vendor_id, t.skip_reason is not null as by_plan, ${rowState('t')} as state, has.project
       from retry_batch.plan_rows t ${HAS_PROJECT}
       where t.batch_id = $1 and ($2 = 'all' or t.skip_reason is null)),
     counted as (
       select vendor_id, count(*) as matched, count(*) filter (where not by_plan) as eligible,
         count(*) filter (where by_plan) as skipped, count(*) filter (where state = 'succeeded') as succeeded,
         count(*) filter (where state = 'failed') as failed,
         count(*) filter (where state = 'skipped' and not by_plan) as skipped_at_turn,
         count(*) filter (where state not in ('succeeded', 'failed', 'skipped')) as not_reached,
         count(*) filter (where not by_plan and not project) as missing,
         count(*) filter (where state = 'succeeded' and project) as created,
         count(*) filter (where by_plan and not project) as left_alone
       from t group by 1)
     select c.vendor_id as "vendorId", left(coalesce(v.name, ''), 200) as name, matched, eligible, skipped, succeeded, failed,
       skipped_at_turn as "skippedAtTurn", not_reached as "notReached", missing, created, left_alone as "leftAlone"
     from counted c left join or_vendors v on v.id = c.vendor_id
     order by missing desc, eligible desc, matched desc, c.vendor_id`;

/**
 * The stored rows of a batch by customer, those with the most missing first; `only` eligible ones, or all. Names are today's.
 * Throws as `Tx.query` does.
 */
export async function customerFigures(
  tx: Tx,
  batchId: string,
  only: 'eligible' | 'all' = 'all',
): Promise<CustomerFigures[]> {
  return rows(tx, figuresRow, CUSTOMERS_TEXT, [batchId, only]);
}
