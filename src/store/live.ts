// What the database knows of whether a fix is live: executions that failed like those of a plan, what succeeded since, and our
// own replays that failed so. Read at the dry run, while it waits and at the click, and never more than a moment's work.
import { z } from 'zod';
import { RUN_STATUSES } from '../domain/batch.ts';
import type { Instant } from '../domain/instant.ts';
import { type Failures, FRESH_MINUTES, isWhole } from '../domain/live.ts';
import { row, type Tx } from '../postgres/tx.ts';
import { LAST_ERROR_LATERAL } from './classification.ts';
import { instantColumn, instantText, SHOWN_OF_LOGS } from './columns.ts';
import { hasIndex, type IndexShape } from './indexes.ts';
import type { Kin } from './kin.ts';

/**
 * So many failures are looked at, the last by each of their two times: in a storm of them the answer is clear long before. What
 * it costs is to take their messages apart, about 0.04 ms each.
 */
const MOST_FAILURES = 500;

/** So many where these are not all that count and none of them is alike: in a storm of others, what is asked about drowns. */
const MOST_IN_A_STORM = 10_000;

/** So many successes are looked at, the last ones. */
const MOST_SUCCESSES = 10_000;

/** What lets a failure be found by when it finished, however old the execution is. */
export const FINISHED_INDEX = {
  table: 'or_ramp_executions',
  name: 'or_ramp_executions_error_finished',
  columns: ['finished_at'],
  where: `status_code = 'ERROR'`,
} as const satisfies IndexShape;

/** Does as well; it has the successes, too. */
const ALSO: IndexShape = {
  table: 'or_ramp_executions',
  name: 'or_ramp_executions_status_finished',
  columns: ['status_code', 'finished_at'],
};

/** Whether there is such an index. Throws as `Tx.query` does. */
export async function hasFinishedIndex(tx: Tx): Promise<boolean> {
  return (await hasIndex(tx, FINISHED_INDEX)) || (await hasIndex(tx, ALSO));
}

const ERROR = `from or_ramp_executions e where e.status_code = 'ERROR'`;

/** SQL: the moment of the question. The planner knows it, too, and so how little of the table the last day is. */
const THIS_MOMENT = 'statement_timestamp()';

/** SQL: the replays that OnRamp's history has. */
const REPLAYED = `from or_workflow_history h where h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'`;

/**
 * SQL: the CTE `failed`: the last failures of the groups $1, each with the moment `at`. An execution failed when it was created,
 * replayed or not, and again when it finished, unless that was a replay's finish: its history entry is as new, or our own books
 * know it. An endpoint's application writes both by its own clock, the entry often as of its transaction's beginning.
 */
function failedCtes(
  lastDayOnly: boolean,
  now: string,
  { until = null, most = MOST_FAILURES }: { readonly until?: string | null; readonly most?: number } = {},
): string {
  const before = (column: string) => (until === null ? '' : `and ${column} <= ${until}::timestamptz`);
  const counts = lastDayOnly ? `e.created_at >= ${now} - interval '1 day'` : 'true';
  return `
  asked as materialized (select ${now} as at),
  by_creation as materialized (
    select e.id, e.created_at as moment ${ERROR} ${before('e.created_at')} order by e.created_at desc limit ${most}),
  by_finish as materialized (
    select e.id, e.finished_at as moment ${ERROR} and e.finished_at is not null ${before('e.finished_at')} and ${counts}
    order by e.finished_at desc limit ${most}),
  -- Older ones of a list that is full were not looked at.
  looked as (
    select greatest(
      (select min(moment) from by_creation having count(*) >= ${most}),
      (select min(moment) from by_finish having count(*) >= ${most})) as since),
  last_errors as materialized (
    select e.id, e.created_at, case when ${counts} then e.finished_at end as finished_at,
      left(last.error_type, ${SHOWN_OF_LOGS}) as error_type, left(last.error_message, ${SHOWN_OF_LOGS}) as error_message
    from or_ramp_executions e ${LAST_ERROR_LATERAL}
    where e.id in (select id from by_creation union select id from by_finish) and e.status_code = 'ERROR'),
  -- The errors of one incident are much the same, and each is read once.
  alike as (
    select error_type, error_message from (select distinct error_type, error_message from last_errors) errors
    -- Of another type than every group its message need not be taken apart.
    where case when exists (select from unnest($1::text[]) g where starts_with(g, coalesce(left(error_type, 500), '')))
      then retry_batch.error_group(error_type, error_message) = any ($1) else false end),
  -- Sent to an endpoint, replayed there, and nobody has written it down yet.
  unsettled as materialized (
    select t.execution_id from retry_batch.batches b join retry_batch.plan_rows t on t.batch_id = b.id
    where b.status in (${RUN_STATUSES.map((status) => `'${status}'`).join(', ')}) and b.replay_host is not null
      and t.sent_call is not null and (select count(*) ${REPLAYED} and h.execution_id = t.execution_id) > t.history_before),
  failed as materialized (
    select greatest(e.created_at, case when isfinite(e.finished_at) and e.finished_at > e.created_at
      and not exists (select ${REPLAYED} and h.execution_id = e.id and h.created_at >= e.finished_at)
      and not exists (
        select from retry_batch.last_tries l where l.execution_id = e.id and l.failed_finish = e.finished_at)
      and not exists (select from unsettled u where u.execution_id = e.id)
      then e.finished_at end) as at
    from last_errors e
    where isfinite(e.created_at) and e.created_at >= '0001-01-01 00:00:00+00' and exists (
      select from alike a where a.error_type is not distinct from e.error_type
        and a.error_message is not distinct from e.error_message))`;
}

/** SQL: our own replays that failed like this in the last $2 minutes, in whichever batch. */
const OWN_REPLAYS = `
  runs as (
    select id from retry_batch.batches where status = any ($5)
    union all
    select id from retry_batch.batches
    where not lists_gone and status in ('finished', 'stopped')
      and coalesce(ended_at, requested_at) > (select at from asked) - make_interval(mins => $2)),
  own as (
    select count(*) as n from runs join retry_batch.plan_rows t on t.batch_id = runs.id
    where t.outcome = 'error' and t.outcome_error_group = any ($1)
      and t.done_at > (select at from asked) - make_interval(mins => $2))`;

const failuresRow = z.object({
  askedAt: instantColumn,
  dryRunAt: instantColumn,
  newest: instantColumn.nullable(),
  lately: z.number(),
  fresh: z.number(),
  lookedSince: instantColumn.nullable(),
  succeeded: z.number(),
  looked: z.number(),
  ownReplays: z.number(),
});

export type Question = Kin & {
  readonly minutes: number;
  /** Null: the dry run is made just now, in this transaction. */
  readonly dryRunAt: Instant | null;
  /** The moment that it is asked about; left out: this one. */
  readonly at?: Instant;
};

/** What happened to the groups of a plan until now. Throws as `Tx.query` does. */
export async function askFailures(tx: Tx, question: Question): Promise<Failures> {
  const lastDayOnly = !(await hasFinishedIndex(tx));
  const found = await look(tx, question, lastDayOnly, MOST_FAILURES);
  return isWhole(found) || found.fresh > 0 ? found : look(tx, question, lastDayOnly, MOST_IN_A_STORM);
}

async function look(
  tx: Tx,
  { groups, rampIds, newest, minutes, dryRunAt, at }: Question,
  lastDayOnly: boolean,
  most: number,
): Promise<Failures> {
  const { looked, ...found } = await row(
    tx,
    failuresRow,
    `with ${failedCtes(lastDayOnly, at === undefined ? THIS_MOMENT : '$7::timestamptz', { most })},
     -- Where none of those that were looked at is alike, the plan's own last one is, and what succeeded before they begin proves
     -- nothing.
     last as (
       select coalesce(max(at), (select $6::timestamptz from looked where since is not null)) as at,
         coalesce(max(at), (select since from looked)) as quiet_since from failed),
     since as (select coalesce($3::timestamptz, now()) as dry_run_at),
     succeeded as (
       select e.ramp_id from or_ramp_executions e
       where e.status_code = 'SUCCESS' and e.created_at > (select quiet_since from last)
       order by e.created_at desc limit ${MOST_SUCCESSES}),
     ${OWN_REPLAYS}
     select ${instantText('asked.at')} as "askedAt", ${instantText('since.dry_run_at')} as "dryRunAt",
       ${instantText('last.at')} as newest, ${instantText('looked.since')} as "lookedSince",
       (select count(*) from failed where at >= asked.at - make_interval(mins => $2)) as lately,
       (select count(*) from failed
        where at >= least(since.dry_run_at, asked.at - interval '${FRESH_MINUTES} minutes')) as fresh,
       (select count(*) from succeeded where ramp_id = any ($4)) as succeeded, (select count(*) from succeeded) as looked,
       (select n from own) as "ownReplays"
     from asked, last, looked, since`,
    [[...groups], minutes, dryRunAt, [...rampIds], RUN_STATUSES, newest, ...(at === undefined ? [] : [at])],
  );
  return { ...found, minutes, moreSucceeded: looked >= MOST_SUCCESSES, lastDayOnly };
}

export const NEW_FAILURES = z.object({ count: z.number(), more: z.boolean() });

/** New failures like those of the groups from one moment to another, and whether there were more than were looked at. */
export type NewFailures = Readonly<z.output<typeof NEW_FAILURES>>;

/** Counts them: since a run began, and until a little after its end. Throws as `Tx.query` does. */
export async function newFailures(
  tx: Tx,
  groups: readonly string[],
  { since, until }: { readonly since: Instant; readonly until: Instant },
): Promise<NewFailures> {
  return row(
    tx,
    NEW_FAILURES,
    `with ${failedCtes(!(await hasFinishedIndex(tx)), THIS_MOMENT, { until: '$3' })}
     select (select count(*) from failed where at >= $2 and at <= $3) as count,
       coalesce((select since > $2 from looked), false) as more`,
    [[...groups], since, until],
  );
}

/** Notes what was answered, while the batch waits. Throws as `Tx.query` does. */
export async function noteLive(tx: Tx, batchId: string, failures: Failures | null): Promise<void> {
  await tx.query(`update retry_batch.batches set live = $2 where id = $1 and status = 'waiting'`, [
    batchId,
    failures === null ? null : JSON.stringify(failures),
  ]);
}
