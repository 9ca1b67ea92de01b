// A plan's rows as one statement: classified, in replay order, each with its error group.
import type { Instant } from '../domain/instant.ts';
import type { RetryRequest } from '../domain/request.ts';
import type { Tx } from '../postgres/tx.ts';
import { type Classification, classification } from './classification.ts';

/** What is planned, under which options. */
export type PlanRows = {
  readonly batchId: string;
  readonly request: RetryRequest;
  readonly window: { readonly since: Instant; readonly until: Instant } | null;
  readonly configErrorTypes: readonly string[];
  readonly maxRows: number;
};

/** How many rows were matched and stored, and how far a replica that classified them was behind when it was asked. */
export type Written = { readonly matched: number; readonly replica: { readonly behindMs: number } | null };

/** The columns that planning fills, in the order of `planned`, but for the batch's id. */
export const COLUMNS = `position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at,
  workflow_version, drift, error_type, error_message, error_group, skip_reason, skip_detail`;

const REPLAYED = `from or_workflow_history h
          where h.execution_id = c.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'`;

/** Every matched row as the plan stores it: a CTE chain, and the select over it. At most `maxRows + 1` rows. */
export function planned(plan: PlanRows): Classification & { readonly select: string } {
  const selection = { ...plan.request, ...plan.window };
  const { text, values } = classification(selection, plan.configErrorTypes, plan.maxRows);
  return {
    values,
    text: `${text},
    in_order as (
      -- Never tried first, then the least recently tried: rows that keep failing, or are always locked, can't starve the
      -- rest.
      select c.*, greatest(l.tried_at, case when skip_reason is null and exists (select ${REPLAYED})
          then (select max(h.created_at) ${REPLAYED}) end) as last_tried
      from classified c left join retry_batch.last_tries l on l.execution_id = c.execution_id and skip_reason is null
    ),
    groups as (
      -- The errors of one incident are much the same: each is read once, and only where a row may be replayed. They are
      -- told apart byte by byte, which a locale would take its time for, and read in the database's own.
      select error_type, error_message,
        retry_batch.error_group(error_type collate "default", error_message collate "default") as error_group
      from (select distinct error_type collate "C" as error_type, error_message collate "C" as error_message
        from judged where reason is null) errors
    )`,
    select: `
    select row_number() over (order by skip_reason is not null, last_tried nulls first, created_at, execution_id)
        as position,
      execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at, workflow_version, drift,
      o.error_type, o.error_message,
      -- A null equals nothing: what lacks one of the two is read for itself.
      case when skip_reason is null then coalesce(g.error_group, retry_batch.error_group(o.error_type, o.error_message))
        end as error_group, skip_reason, coalesce(skip_detail, '') as skip_detail
    from in_order o
    left join groups g on o.error_type = g.error_type and o.error_message = g.error_message`,
  };
}

/**
 * Classifies and stores in one statement of the database that keeps the plan. Null: more than allowed. Throws as `Tx.query`
 * does.
 */
export async function writeHere(tx: Tx, plan: PlanRows): Promise<Written | null> {
  const { text, select, values } = planned(plan);
  const written = await tx.query(
    `${text} insert into retry_batch.plan_rows (batch_id, ${COLUMNS})
     select $${values.length + 1}::uuid, p.* from (${select}) p`,
    [...values, plan.batchId],
  );
  return written.rowCount > plan.maxRows ? null : { matched: written.rowCount, replica: null };
}

/** Stores rows that another statement classified, from a JSON array of them. Throws as `Tx.query` does. */
export async function storeJson(tx: Tx, batchId: string, json: string): Promise<void> {
  await tx.query(
    `insert into retry_batch.plan_rows (batch_id, ${COLUMNS})
     select $1, ${COLUMNS} from jsonb_populate_recordset(null::retry_batch.plan_rows, $2)`,
    [batchId, json],
  );
}
