// Writes plans: every row of one that waits for an approval, and of a call over HTTP the rows that it lists or tries. The
// database sums up by itself, so that memory does not grow with the backlog; a read replica, where there is one, does the
// classification.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import type { PlanSummary } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { instantColumn, instantText } from './columns.ts';
import { type PlanRows, planned, storeJson, type Written, writeHere } from './plan-rows.ts';
import { type SummedUp, summarySql, summedUpRow } from './plan-summary.ts';
import { onReplica, type Replica, writeFrom } from './replica.ts';
import { leftBy } from './rest.ts';

/** Which rows of a plan are stored: all, or so many of the eligible and of the skipped ones, the first in its order. */
export type Keep = 'every row' | { readonly eligible: number; readonly skipped: number };

/** A plan that is stored, with the requested ids that it did not match, in the order asked. */
export type WrittenPlan = SummedUp & { readonly notFound: readonly string[] };

/** The database's now(), microseconds and all: the window's end where the request leaves it open. Throws as `Tx.query` does. */
export async function databaseNow(tx: Tx): Promise<Instant> {
  return (await row(tx, z.object({ now: instantColumn }), `select ${instantText('now()')} as now`)).now;
}

/**
 * Classifies every matched execution, on `replica` where there is one that is up to date, sums up all of them, and stores
 * the rows that are to be kept; null: more than allowed. Throws as `Tx.query` does.
 */
export async function writePlan(
  tx: Tx,
  plan: PlanRows,
  keep: Keep,
  replica: Replica | null,
): Promise<WrittenPlan | null> {
  return keep === 'every row' ? writeEveryRow(tx, plan, replica) : writeListed(tx, plan, keep, replica);
}

const STORED = summarySql('retry_batch.plan_rows where batch_id = $1', 'false');

async function writeEveryRow(tx: Tx, plan: PlanRows, replica: Replica | null): Promise<WrittenPlan | null> {
  const written = replica === null ? await writeHere(tx, plan) : await writeFrom(replica, tx, plan);
  if (written === null) return null;
  const { summary, pairs, kin } = await row(tx, summedUpRow, `with ${STORED.ctes} ${STORED.select}`, [
    plan.batchId,
  ]);
  const missing = await rows(
    tx,
    z.object({ uuid: z.string() }),
    notFoundSql('(select execution_uuid from retry_batch.plan_rows where batch_id = $1) p', [
      '$2',
      '$3',
      '$4',
      '$5',
    ]),
    [plan.batchId, ...askedFor(plan.request)],
  );
  return {
    summary: withReplica(summary, written.replica),
    pairs,
    kin,
    notFound: missing.map((one) => one.uuid),
  };
}

function withReplica(summary: PlanSummary, replica: Written['replica']): PlanSummary {
  return replica === null ? summary : { ...summary, replica };
}

const listedRow = z.object({ listed: z.string(), notFound: z.array(z.string()) });

async function writeListed(
  tx: Tx,
  plan: PlanRows,
  keep: Exclude<Keep, 'every row'>,
  replica: Replica | null,
): Promise<WrittenPlan | null> {
  const { text, values } = listedSql(plan, keep);
  const read = async (from: Tx, behind: Written['replica']) => {
    const { rows: found } = await from.query(text, values);
    const { summary, pairs, kin } = summedUpRow.parse(found[0]);
    return { summary: withReplica(summary, behind), pairs, kin, ...listedRow.parse(found[0]) };
  };
  const { listed, ...written } =
    replica === null ? await read(tx, null) : await onReplica(replica, tx, read, () => read(tx, null));
  if (written.summary.matched > plan.maxRows) return null;
  await storeJson(tx, plan.batchId, listed);
  return written;
}

/** One statement: the classification, its sum, the first rows as JSON, and which of the ids that were asked for it lacks. */
function listedSql(plan: PlanRows, keep: Exclude<Keep, 'every row'>) {
  const { text, select, values } = planned(plan);
  const [eligible, skipped, ...asked] = [1, 2, 3, 4, 5, 6].map((nth) => `$${values.length + nth}`);
  const sum = summarySql('in_plan', 'true');
  return {
    values: [...values, keep.eligible, keep.skipped, ...askedFor(plan.request)],
    text: `${text},
    in_plan as materialized (select * from (${select}) p),
    listed as (
      select * from in_plan where skip_reason is null and position <= ${eligible}::bigint
      union all (select * from in_plan where skip_reason is not null order by position limit ${skipped}::bigint)
    ),
    ${sum.ctes}
    ${sum.select},
    -- Of a skipped row nobody is shown the error.
    (select coalesce(jsonb_agg(case when skip_reason is null then to_jsonb(l) else to_jsonb(l) - 'error_message' end), '[]')
     from listed l)::text as listed,
    array(${notFoundSql('in_plan p', asked)}) as "notFound"`,
  };
}

/** What names rows one by one, as `notFoundSql` takes it: ids, or a batch's rest and what narrows it. */
function askedFor({ execution_uuids, rest_of, vendor_ids, ramp_uuids }: RetryRequest): unknown[] {
  return [execution_uuids, rest_of, vendor_ids, ramp_uuids];
}

/**
 * SQL: which rows that were named are not among those of `source`, which calls itself p, in the order asked: the ids; of a
 * batch's rest those that its own list has of these vendors and workflows. By grouping: whatever the planner takes a list for
 * that was stored a moment ago, this grows with its length alone.
 */
function notFoundSql(source: string, [ids, restOf, vendors, ramps]: readonly string[]): string {
  return `select uuid::text as uuid from (
       select named.uuid, named.nth from unnest(${ids}::uuid[]) with ordinality as named (uuid, nth)
       union all select t.execution_uuid, t.position from ${leftBy(`${restOf}::uuid`)}
         and (${vendors}::bigint[] is null or t.vendor_id = any (${vendors}::bigint[]))
         and (${ramps}::uuid[] is null or t.ramp_uuid = any (${ramps}::uuid[]))
       union all select p.execution_uuid, null from ${source} where ${ids}::uuid[] is not null or ${restOf}::uuid is not null
     ) named_or_matched (uuid, nth)
     group by uuid having count(*) = count(nth) order by min(nth)`;
}
