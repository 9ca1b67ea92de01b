// When a plan's errors came up, and when they did again: what the picture of a batch is drawn from. Reads only, and of other
// executions never more than a moment's work.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { LAST_ERROR_LATERAL } from './classification.ts';
import { SHOWN_OF_LOGS } from './columns.ts';

/** Milliseconds since 1970. */
type Moment = number;

/** SQL: a moment as milliseconds. */
const ms = (moment: string) => `floor(extract(epoch from ${moment}) * 1000)::float8`;

/** Of more kinds of errors than this the largest are drawn. */
const MOST_GROUPS = 50;

export type Origin = {
  /** The error groups of the eligible rows, the largest first. */
  readonly groups: readonly string[];
  /** When the first and the last row with one of them failed; null where there is none. */
  readonly first: Moment | null;
  readonly last: Moment | null;
};

/** SQL: a stored row's error group; of one without an error it is empty. */
const GROUP = `coalesce(t.error_group, '')`;

/** Which errors a plan is about, and when they came up. Throws as `Tx.query` does. */
export async function originOf(tx: Tx, batchId: string): Promise<Origin> {
  return row(
    tx,
    z.object({ groups: z.array(z.string()), first: z.number().nullable(), last: z.number().nullable() }),
    `with t as materialized (
       select ${GROUP} as error_group, skip_reason, created_at from retry_batch.plan_rows t
       where batch_id = $1 and isfinite(created_at)),
     g as (
       select error_group, count(*) as n from t where skip_reason is null group by 1 order by 2 desc, 1 limit ${MOST_GROUPS})
     select coalesce((select array_agg(error_group order by n desc, error_group) from g), '{}') as groups,
       ${ms('min(created_at)')} as first, ${ms('max(created_at)')} as last
     from t where error_group in (select error_group from g)`,
    [batchId],
  );
}

/** So many executions outside of the plan are looked at, and so many of the latest are read. */
const MOST_LISTED = 200_000;
const MOST_READ = 5000;

export type Others = { readonly moments: readonly Moment[] /** There are more. */; readonly isMore: boolean };

/**
 * When executions outside of the plan, of whichever customer, failed like this and stayed so, from one moment to another; the
 * latest of them. Those that the plan has and does not store would pass for such: with `outsideOf` only what failed outside of
 * this window is answered. Throws as `Tx.query` does.
 */
export async function othersLike(
  tx: Tx,
  batchId: string,
  groups: readonly string[],
  [from, to]: readonly [Moment, Moment],
  outsideOf: { readonly since: Instant; readonly until: Instant } | null,
): Promise<Others> {
  const found = await row(
    tx,
    z.object({ moments: z.array(z.number()), read: z.number() }),
    // Not by a join: of a plan that was stored a moment ago the planner knows nothing, and compares each row with each.
    `with errors as (
       select id as execution_id, created_at from or_ramp_executions
       where status_code = 'ERROR' and created_at >= to_timestamp($3 / 1000.0) and created_at < to_timestamp($4 / 1000.0)
         and ($5::timestamptz is null or created_at < $5 or created_at >= $6::timestamptz)
       order by created_at desc limit ${MOST_LISTED}),
     latest as (
       select execution_id, max(created_at) as created_at from (
         select execution_id, created_at from errors
         union all select execution_id, null from retry_batch.plan_rows where batch_id = $1) one
       group by 1 having count(*) filter (where created_at is null) = 0
       order by 2 desc limit ${MOST_READ + 1}),
     alike as (
       select l.created_at from latest l
       cross join lateral (select logs from or_ramp_executions where id = l.execution_id) e
       ${LAST_ERROR_LATERAL}
       where coalesce(retry_batch.error_group(left(last.error_type, ${SHOWN_OF_LOGS}), left(last.error_message, ${SHOWN_OF_LOGS})), '')
         = any ($2))
     select coalesce((select array_agg(${ms('created_at')}) from alike), '{}') as moments, (select count(*) from latest) as read`,
    [batchId, [...groups], from, to, outsideOf?.since ?? null, outsideOf?.until ?? null],
  );
  return { moments: found.moments, isMore: found.read > MOST_READ };
}

export type Step = { readonly from: Moment; readonly stepMs: number };

/** Rows of a plan within one step of time; those that are not there are zero. */
export type Counted = {
  readonly step: number;
  /** Eligible rows that failed then, and those like them that the plan leaves alone. */
  readonly eligible: number;
  readonly alone: number;
  /** Replays that ended then. */
  readonly succeeded: number;
  readonly failed: number;
};

/** A plan's failures and replays by steps of time. Throws as `Tx.query` does. */
export async function countedBySteps(
  tx: Tx,
  batchId: string,
  groups: readonly string[],
  { from, stepMs }: Step,
): Promise<Counted[]> {
  const step = (moment: string) => `floor((${ms(moment)} - $3) / $4)`;
  return rows(
    tx,
    z.object({
      step: z.number(),
      eligible: z.number(),
      alone: z.number(),
      succeeded: z.number(),
      failed: z.number(),
    }),
    `with t as materialized (
       select ${GROUP} as error_group, skip_reason, created_at, outcome, done_at from retry_batch.plan_rows t
       where batch_id = $1 and isfinite(created_at)),
     counted as (
       select ${step('created_at')} as step, skip_reason is null as chosen, null as outcome from t where error_group = any ($2)
       union all
       select ${step('done_at')}, null, outcome from t where outcome in ('success', 'error'))
     select step, count(*) filter (where chosen) as eligible, count(*) filter (where not chosen) as alone,
       count(*) filter (where outcome = 'success') as succeeded, count(*) filter (where outcome = 'error') as failed
     from counted group by step order by step`,
    [batchId, [...groups], from, stepMs],
  );
}
