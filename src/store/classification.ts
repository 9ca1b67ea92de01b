// One statement that gives every matched execution its reason, or none: the ordered table of filters as SQL.
// It reads and locks nothing, so it also runs on a read replica.
import type { RetryRequest } from '../domain/request.ts';
import { JUDGED_FILTERS, SIBLINGS, type SkipFilter } from '../domain/skip-filters.ts';
import { SHOWN_OF_LOGS } from './columns.ts';
import { leftBy } from './rest.ts';

/** Which executions, judged by which options. A window has both its ends: planning pins the open one. */
export type Selection = Pick<
  RetryRequest,
  | 'since'
  | 'until'
  | 'vendor_ids'
  | 'ramp_uuids'
  | 'execution_uuids'
  | 'rest_of'
  | 'error_pattern'
  | 'force_retry'
>;

export type Classification = { readonly text: string; readonly values: readonly unknown[] };

/** The last log entry's error, as far as it has one: logs are another program's and may be any JSON. */
export const LAST_ERROR_LATERAL = `
  cross join lateral (
    -- Of logs that are no array this is null or the scalar itself, which has no keys: asking first would read them twice.
    -- "offset 0" keeps the planner from inlining it, which would read the whole logs once for each use.
    select e.logs -> -1 as entry offset 0
  ) newest
  cross join lateral (
    select
      case when jsonb_typeof(newest.entry -> 'error_type') = 'string'
        then newest.entry ->> 'error_type' end as error_type,
      case when jsonb_typeof(newest.entry -> 'error_message') = 'string'
        then newest.entry ->> 'error_message' end as error_message
    offset 0
  ) last`;

const firstOfSiblings = JUDGED_FILTERS.findIndex((filter) => /\bsame\./.test(filter.applies));
const when = (filter: (typeof JUDGED_FILTERS)[number]) => `when ${filter.applies} then '${filter.reason}'`;

/**
 * The first filter that applies, in the table's order, as `verdict.reason`; null where none does. Siblings are read once
 * for all filters that need them, and not at all for a row that one before those has skipped.
 */
export const VERDICT_LATERAL = `
  cross join lateral (select ${caseOf(JUDGED_FILTERS.slice(0, firstOfSiblings), when)} as reason offset 0) early
  cross join lateral (
    select ${SIBLINGS.columns} from ${SIBLINGS.from} where early.reason is null and ${SIBLINGS.where}
  ) same
  cross join lateral (
    select coalesce(early.reason, ${caseOf(JUDGED_FILTERS.slice(firstOfSiblings), when)}) as reason offset 0
  ) verdict`;

/** What was found, for the reason in `verdict.reason`. Evaluated for skipped rows alone. */
export const EVIDENCE_CASE = `case verdict.reason ${JUDGED_FILTERS.map(
  (filter) => `when '${filter.reason}' then ${filter.evidence}`,
).join('\n      ')} end`;

/**
 * A CTE chain that ends in `classified`: one row per matched execution with `skip_reason` and `skip_detail`,
 * both null for an eligible one. At most `maxRows + 1` rows are matched, so that a caller sees "too many".
 */
export function classification(
  selection: Selection,
  configErrorTypes: readonly string[],
  maxRows: number,
): Classification {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const q = `
    select ${bind(selection.since, 'timestamptz')} as since_at,
      ${bind(selection.until, 'timestamptz')} as until_at,
      ${bind(selection.error_pattern, 'text')} as error_pattern,
      ${bind(selection.force_retry, 'boolean')} as force_retry,
      ${bind([...configErrorTypes], 'text[]')} as config_error_types`;
  const where = conditions(selection, bind).join('\n      and ');
  const text = `
  with q as materialized (${q}),
  judged as materialized (
    select e.id as execution_id, e.execution_uuid, e.vendor_id, e.ramp_id, r.ramp_uuid, e.created_at,
      e.workflow_version, e.workflow_version <> r.current_version as drift, e.trigger_key,
      -- Of megabytes of log nobody is shown more; the filters have read all of it.
      left(last.error_type, ${SHOWN_OF_LOGS}) as error_type, left(last.error_message, ${SHOWN_OF_LOGS}) as error_message,
      verdict.reason, same.failed,
      case when verdict.reason is not null then left(${EVIDENCE_CASE}, ${SHOWN_OF_LOGS}) end as detail
    from q, or_ramp_executions e
    join or_ramps r on r.id = e.ramp_id
    left join or_integrations i on i.id = r.integration_id
    ${LAST_ERROR_LATERAL}
    ${VERDICT_LATERAL}
    where ${where}
    limit ${bind(maxRows + 1, 'bigint')}
  ),
  twins as (
    -- Filter 9 within the plan: of one trigger's rows that no filter skipped, only the newest is replayed.
    select execution_id, newest_uuid
    from (
      select execution_id, execution_uuid, first_value(execution_uuid) over (
        partition by ramp_id, trigger_key order by created_at desc, execution_id desc) as newest_uuid
      from judged where reason is null and failed
    ) t
    where newest_uuid <> execution_uuid
  ),
  classified as (
    select j.*,
      case when newest_uuid is not null then 'duplicate_trigger_pending' else reason end as skip_reason,
      case when newest_uuid is not null
        then 'execution ' || newest_uuid || ' of the same trigger is in this plan' else detail end as skip_detail
    from judged j left join twins using (execution_id)
  )`;
  return { text, values };
}

function conditions(selection: Selection, bind: (value: unknown, type: string) => string): string[] {
  const list: string[] = [];
  if (selection.rest_of !== null) {
    list.push(`e.id in (select t.execution_id from ${leftBy(bind(selection.rest_of, 'uuid'))})`);
  } else if (selection.execution_uuids !== null) {
    list.push(`e.execution_uuid = any (${bind([...selection.execution_uuids], 'uuid[]')})`);
  } else {
    list.push(
      `e.status_code = 'ERROR'`,
      `e.created_at >= ${bind(selection.since, 'timestamptz')}`,
      `e.created_at < ${bind(selection.until, 'timestamptz')}`,
    );
  }
  if (selection.vendor_ids !== null) {
    list.push(`e.vendor_id = any (${bind([...selection.vendor_ids], 'bigint[]')})`);
  }
  if (selection.ramp_uuids !== null) {
    list.push(`r.ramp_uuid = any (${bind([...selection.ramp_uuids], 'uuid[]')})`);
  }
  return list;
}

function caseOf<Item extends SkipFilter>(filters: readonly Item[], branch: (filter: Item) => string): string {
  return `case\n      ${filters.map(branch).join('\n      ')}\n    end`;
}
