// A batch's rows for its page: filtered, and paged by their position in the plan, so that the last page costs what the first one
// costs.
import { z } from 'zod';
import type { BatchRow, RowFilter } from '../domain/batch-row.ts';
import { rowIs } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { instantText, SHOWN_OF_LOGS } from './columns.ts';
import { OF_EXECUTION } from './lists.ts';

/** SQL: a row's outcome in the runbook's words. */
const OUTCOME = `case when t.skip_reason is not null then 'skipped' else coalesce(t.outcome, 'not_reached') end`;

/** SQL: as much of a text as is shown; a plan of an earlier release may have megabytes of it. */
const cut = (text: string) => `left(${text}, ${SHOWN_OF_LOGS})`;

const DETAIL = cut('coalesce(t.skip_detail, t.held_because, t.outcome_detail)');

/** SQL: everything of a row that a page shows and a text is looked for in. */
const TEXTS = [
  't.execution_uuid::text',
  't.ramp_uuid::text',
  't.project_uuid::text',
  ...['t.error_type', 't.error_message', 't.outcome_error_type', 't.outcome_error_message'].map(cut),
  DETAIL,
];

const batchRow: z.ZodType<BatchRow> = z.object({
  ...OF_EXECUTION,
  position: z.number(),
  outcome: z.enum(['success', 'error', 'skipped', 'not_reached']),
  held: z.boolean(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  errorType: z.string().nullable(),
  errorMessage: z.string().nullable(),
  replayErrorType: z.string().nullable(),
  replayErrorMessage: z.string().nullable(),
  projectUuid: z.string().nullable(),
});

/** Where a page begins: behind or before a position, or at the end. */
export type From =
  | { readonly kind: 'after' | 'before'; readonly position: number }
  | { readonly kind: 'last' };

/** Up to `limit` rows that pass the filter, in the plan's order. Throws as `Tx.query` does. */
export async function rowsOf(
  tx: Tx,
  batchId: string,
  filter: RowFilter,
  from: From,
  limit: number,
): Promise<BatchRow[]> {
  const values: unknown[] = [batchId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filter, bind);
  if (from.kind !== 'last')
    conditions.push(`t.position ${from.kind === 'after' ? '>' : '<'} ${bind(from.position)}`);
  const order = from.kind === 'after' ? 'asc' : 'desc';
  return rows(
    tx,
    batchRow,
    // The page first and the names behind it: joined before, all rows would be read to sort them.
    `with t as materialized (
       select * from retry_batch.plan_rows t where ${conditions.join(' and ')}
       order by t.position ${order} limit ${bind(limit)})
     select t.position, t.execution_uuid as "executionUuid", t.vendor_id as "vendorId",
       left(coalesce(v.name, ''), 200) as "vendorName", t.ramp_uuid as "rampUuid", left(coalesce(r.name, ''), 200) as "rampName",
       ${instantText('t.created_at')} as "createdAt", ${OUTCOME} as outcome, ${rowIs('t', 'held')} as held,
       coalesce(t.skip_reason, t.outcome_reason) as reason, ${DETAIL} as detail,
       ${cut('t.error_type')} as "errorType", ${cut('t.error_message')} as "errorMessage",
       ${cut('t.outcome_error_type')} as "replayErrorType", ${cut('t.outcome_error_message')} as "replayErrorMessage",
       t.project_uuid as "projectUuid"
     from t left join or_vendors v on v.id = t.vendor_id left join or_ramps r on r.id = t.ramp_id
     order by t.position`,
    values,
  );
}

/** How many rows pass the filter. Throws as `Tx.query` does. */
export async function countRows(tx: Tx, batchId: string, filter: RowFilter): Promise<number> {
  const values: unknown[] = [batchId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { n } = await row(
    tx,
    z.object({ n: z.number() }),
    `select count(*) as n from retry_batch.plan_rows t where ${conditionsOf(filter, bind).join(' and ')}`,
    values,
  );
  return n;
}

function conditionsOf(filter: RowFilter, bind: (value: unknown) => string): string[] {
  const conditions = ['t.batch_id = $1'];
  if (filter.outcome === 'held') conditions.push(rowIs('t', 'held'));
  else if (filter.outcome !== null) conditions.push(`${OUTCOME} = ${bind(filter.outcome)}`);
  if (filter.reason !== null)
    conditions.push(`coalesce(t.skip_reason, t.outcome_reason) = ${bind(filter.reason)}`);
  if (filter.vendor?.kind === 'id') conditions.push(`t.vendor_id = ${bind(filter.vendor.id)}::bigint`);
  if (filter.vendor?.kind === 'name')
    conditions.push(
      `t.vendor_id in (select id from or_vendors where position(lower(${bind(filter.vendor.name)}) in lower(name)) > 0)`,
    );
  if (filter.text !== null) {
    const text = `lower(${bind(filter.text)}::text)`;
    conditions.push(`(${TEXTS.map((one) => `position(${text} in lower(${one})) > 0`).join(' or ')})`);
  }
  return conditions;
}
