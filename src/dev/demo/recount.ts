// The closing equation once more, by SQL of its own: nothing here is shared with the bot, whose report it checks.
import { queryOnce } from '../postgres/with-client.ts';

export type Side = {
  readonly matched: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly left: number;
};

/** Executions in ERROR within the window, before anything is replayed. */
export async function matchedBefore(url: string, since: string, until: string): Promise<number[]> {
  const found = await queryOnce<{ id: string }>(
    url,
    `select id from or_ramp_executions where status_code = 'ERROR' and created_at >= $1 and created_at < $2`,
    [since, until],
  );
  return found.map((row) => Number(row.id));
}

/**
 * What became of `matched` in the batch, as OnRamp's tables tell it: a success has exactly one project, is in
 * SUCCESS and has one history entry; a failure is still in ERROR and has one history entry; the rest was left alone. An
 * application's entries know of no batch (null) and have words of their own.
 */
export async function recount(
  url: string,
  batchId: string | null,
  matched: readonly number[],
): Promise<Side> {
  const [row] = await queryOnce<{ succeeded: string; failed: string; untouched: string }>(
    url,
    `with replays as (
       select execution_id, count(*) filter (where details ->> 'outcome' in ('success', 'succeeded')) as good,
         count(*) filter (where details ->> 'outcome' in ('error', 'failed')) as bad
       from or_workflow_history
       where action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and ($1::text is null or details ->> 'batch_id' = $1)
       group by execution_id),
     facts as (
       select e.id, e.status_code, coalesce(r.good, 0) as good, coalesce(r.bad, 0) as bad,
         (select count(*) from or_projects p where p.execution_id = e.id) as projects
       from or_ramp_executions e left join replays r on r.execution_id = e.id
       where e.id = any ($2::bigint[]))
     select count(*) filter (where good = 1 and bad = 0 and status_code = 'SUCCESS' and projects = 1) as succeeded,
       count(*) filter (where bad = 1 and good = 0 and status_code = 'ERROR' and projects = 0) as failed,
       count(*) filter (where good = 0 and bad = 0) as untouched
     from facts`,
    [batchId, matched],
  );
  const { succeeded, failed, untouched } = row ?? { succeeded: 0, failed: 0, untouched: 0 };
  return {
    matched: matched.length,
    succeeded: Number(succeeded),
    failed: Number(failed),
    left: Number(untouched),
  };
}

/** What the report in Slack says; undefined where it has no equation. */
export function readReport(text: string): Side | undefined {
  const match =
    /([\d,]+) = ([\d,]+) succeeded \+ ([\d,]+) failed \+ ([\d,]+) skipped \+ ([\d,]+) not reached/.exec(text);
  if (!match) return undefined;
  const [matched = 0, succeeded = 0, failed = 0, skipped = 0, notReached = 0] = match
    .slice(1)
    .map((figure) => Number(figure.replaceAll(',', '')));
  return { matched, succeeded, failed, left: skipped + notReached };
}

/** One line for a side, the same for both, so that a difference is seen at a glance. */
export function printSide({ matched, succeeded, failed, left }: Side): string {
  return `${matched} matched = ${succeeded} succeeded + ${failed} failed + ${left} left alone (skipped or not reached)`;
}

/** Whether the two sides agree and each adds up. */
export function agree(a: Side, b: Side | undefined): boolean {
  const adds = (side: Side) => side.matched === side.succeeded + side.failed + side.left;
  return b !== undefined && adds(a) && adds(b) && printSide(a) === printSide(b);
}
