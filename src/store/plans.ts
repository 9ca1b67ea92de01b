// Writes and sums up plans. The database does both by itself, so that memory does not grow with the backlog; a read
// replica, where there is one, does the classification.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import type { PlanSummary } from '../domain/plan.ts';
import { SKIP_REASONS } from '../domain/skip-filters.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { instantColumn, instantText } from './columns.ts';
import { type PlanRows, type Written, writeHere } from './plan-rows.ts';
import { type Replica, writeFrom } from './replica.ts';

/** How many vendor and ramp pairs, and error groups, a summary names. */
const TOP = 5;

/** The database's now(), microseconds and all: the window's end where the request leaves it open. Throws as `Tx.query` does. */
export async function databaseNow(tx: Tx): Promise<Instant> {
  return (await row(tx, z.object({ now: instantColumn }), `select ${instantText('now()')} as now`)).now;
}

/**
 * Classifies every matched execution, on `replica` where there is one that is up to date, and stores the plan's rows;
 * null: more than allowed. Throws as `Tx.query` does.
 */
export async function writeRows(tx: Tx, plan: PlanRows, replica: Replica | null): Promise<Written | null> {
  return replica === null ? writeHere(tx, plan) : writeFrom(replica, tx, plan);
}

/** How many rows of a plan are of a vendor and ramp: the blast radius, the runbook's step 1. */
export type VendorRamp = { readonly vendor_id: number; readonly ramp_id: number; readonly count: number };

/**
 * The counts by reason, vendor, ramp and error group over the stored rows; with `everyPair` also how many rows each vendor
 * and ramp has, of which the summary keeps the largest. Throws as `Tx.query` does.
 */
export async function summarize(
  tx: Tx,
  batchId: string,
  everyPair: boolean,
): Promise<{ summary: PlanSummary; pairs: readonly VendorRamp[] }> {
  const { totals, pairs, ...counted } = await row(tx, summaryRow, SUMMARY, [batchId, everyPair]);
  const { matched, eligible, drifted, ...notifications } = totals;
  const summary = { matched, eligible, skipped: matched - eligible, drifted, notifications, ...counted };
  return { summary, pairs };
}

/** Requested execution ids that are not among the plan's rows, in the order asked. Throws as `Tx.query` does. */
export async function notFound(
  tx: Tx,
  batchId: string,
  executionUuids: readonly string[],
): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ uuid: z.string() }),
    `select asked.uuid::text
     from unnest($2::uuid[]) with ordinality as asked (uuid, nth)
     where not exists (
       select from retry_batch.plan_rows t where t.batch_id = $1 and t.execution_uuid = asked.uuid)
     order by asked.nth`,
    [batchId, [...executionUuids]],
  );
  return found.map((one) => one.uuid);
}

// The rows are read once: what is counted over them differs in a few columns only.
const SUMMARY = `with cells as materialized (
    select vendor_id, ramp_id, skip_reason, error_group, drift, count(*) as rows
    from retry_batch.plan_rows where batch_id = $1 group by 1, 2, 3, 4, 5
  ),
  eligible as (select * from cells where skip_reason is null),
  reasons as (select skip_reason, sum(rows) as count from cells where skip_reason is not null group by 1),
  pairs as (select vendor_id, ramp_id, sum(rows) as count from cells group by 1, 2),
  groups as (
    select coalesce(nullif(error_group, ''), '(no error message)') as "group", sum(rows) as count
    from eligible group by 1)
  select
    (select json_build_object(
       'matched', coalesce((select sum(rows) from cells), 0), 'eligible', coalesce(sum(e.rows), 0),
       'drifted', coalesce(sum(e.rows) filter (where e.drift), 0),
       'webhooks', coalesce(sum(e.rows) filter (where v.crm_webhook_url is not null), 0),
       'emails', coalesce(sum(e.rows) filter (where v.notify_email is not null), 0),
       'customers', count(distinct v.id) filter (
         where v.crm_webhook_url is not null or v.notify_email is not null))
     from eligible e left join or_vendors v on v.id = e.vendor_id) as totals,
    (select coalesce(json_object_agg(skip_reason, count order by count desc, skip_reason), '{}')
     from reasons) as "skippedByReason",
    (select json_build_object(
       'pairs', (select count(*) from pairs), 'vendors', (select count(distinct vendor_id) from pairs),
       'top', coalesce(json_agg(json_build_object('vendorId', t.vendor_id, 'vendorName', coalesce(v.name, ''),
           'rampId', t.ramp_id, 'rampName', coalesce(r.name, ''), 'count', t.count)
         order by t.count desc, t.vendor_id, t.ramp_id), '[]'))
     from (select * from pairs order by count desc, vendor_id, ramp_id limit ${TOP}) t
     left join or_vendors v on v.id = t.vendor_id left join or_ramps r on r.id = t.ramp_id) as "blastRadius",
    (select json_build_object('groups', (select count(*) from groups), 'top', coalesce(json_agg(t), '[]'))
     from (select "group", count from groups order by count desc, 1 limit ${TOP}) t) as "errorGroups",
    coalesce((select json_agg(pairs order by count desc, vendor_id, ramp_id) from pairs where $2), '[]') as pairs`;

const summaryRow = z.object({
  totals: z.object({
    matched: z.number(),
    eligible: z.number(),
    drifted: z.number(),
    webhooks: z.number(),
    emails: z.number(),
    customers: z.number(),
  }),
  skippedByReason: z.partialRecord(z.enum(SKIP_REASONS), z.number()),
  blastRadius: z.object({
    top: z.array(
      z.object({
        vendorId: z.number(),
        vendorName: z.string(),
        rampId: z.number(),
        rampName: z.string(),
        count: z.number(),
      }),
    ),
    pairs: z.number(),
    vendors: z.number(),
  }),
  errorGroups: z.object({
    top: z.array(z.object({ group: z.string(), count: z.number() })),
    groups: z.number(),
  }),
  pairs: z.array(z.object({ vendor_id: z.number(), ramp_id: z.number(), count: z.number() })),
});
