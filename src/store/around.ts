// What there is where a dry run finds nothing: other errors of its window, and the failures nearest to it. Read only then, and
// never more rows than a moment's work.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import type { ErrorGroup } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import { row, type Tx } from '../postgres/tx.ts';
import { LAST_ERROR_LATERAL } from './classification.ts';
import { instantColumn, instantText, SHOWN_OF_LOGS } from './columns.ts';

/** Rows in ERROR whose logs are read. */
const MOST_LOOKED_AT = 1000;

/** Rows in ERROR that are looked at on each side of the window, without their logs. */
const MOST_NEAR = 5000;

const TOP = 5;

export type Around = {
  /** Executions in ERROR of the window, whatever the filters say; `isMore`: there are more than were looked at. */
  readonly inWindow: number;
  readonly isMore: boolean;
  /** Their errors: the largest groups, and how many there are. */
  readonly errorGroups: { readonly top: readonly ErrorGroup[]; readonly groups: number };
  /** When the nearest executions that pass the other filters failed, before the window and after it. */
  readonly before: Instant | null;
  readonly after: Instant | null;
};

const aroundRow = z.object({
  inWindow: z.number(),
  groups: z.number(),
  top: z.array(z.object({ group: z.string(), count: z.number() })),
  before: instantColumn.nullable(),
  after: instantColumn.nullable(),
});

/** The nearest rows to a side of the window that the filters let pass, as SQL. */
function nearest(side: string, order: 'asc' | 'desc'): string {
  return `(select n.created_at from (
      select e.created_at, e.vendor_id, e.ramp_id from or_ramp_executions e
      where e.status_code = 'ERROR' and ${side} order by e.created_at ${order} limit ${MOST_NEAR}) n
    join or_ramps r on r.id = n.ramp_id
    where ($3::bigint[] is null or n.vendor_id = any ($3)) and ($4::uuid[] is null or r.ramp_uuid = any ($4))
    order by n.created_at ${order} limit 1)`;
}

/** Looks around the window of a request that matches nothing. Throws as `Tx.query` does. */
export async function aroundWindow(
  tx: Tx,
  { vendor_ids, ramp_uuids }: RetryRequest,
  { since, until }: { readonly since: Instant; readonly until: Instant },
): Promise<Around> {
  const { inWindow, groups, top, before, after } = await row(
    tx,
    aroundRow,
    `with failed as (
       select retry_batch.error_group(left(last.error_type, ${SHOWN_OF_LOGS}), left(last.error_message, ${SHOWN_OF_LOGS}))
         as "group"
       from (select logs from or_ramp_executions where status_code = 'ERROR' and created_at >= $1 and created_at < $2
         order by created_at desc limit ${MOST_LOOKED_AT + 1}) e
       ${LAST_ERROR_LATERAL}),
     groups as (
       select coalesce(nullif("group", ''), '(no error message)') as "group", count(*) as count from failed group by 1),
     nearest as (select ${nearest('e.created_at < $1', 'desc')} as before, ${nearest('e.created_at >= $2', 'asc')} as after)
     select (select count(*) from failed) as "inWindow", (select count(*) from groups) as groups,
       (select coalesce(json_agg(t), '[]') from (
         select "group", count from groups order by count desc, 1 limit ${TOP}) t) as top,
       ${instantText('before')} as before, ${instantText('after')} as after
     from nearest`,
    [
      since,
      until,
      vendor_ids === null ? null : [...vendor_ids],
      ramp_uuids === null ? null : [...ramp_uuids],
    ],
  );
  return { inWindow, isMore: inWindow > MOST_LOOKED_AT, errorGroups: { top, groups }, before, after };
}

/** How many rows of a stored plan were skipped for their message although their error's type has the text. Throws as `Tx.query` does. */
export async function countOfType(tx: Tx, batchId: string, pattern: string | null): Promise<number> {
  const found = await row(
    tx,
    z.object({ n: z.number() }),
    `select count(*) as n from retry_batch.plan_rows
     where batch_id = $1 and skip_reason = 'error_pattern_mismatch' and position($2 in error_type) > 0`,
    [batchId, pattern],
  );
  return found.n;
}
