// Writes and sums up plans. The database does both by itself, so that memory does not grow with the backlog; a read
// replica, where there is one, does the classification.
import { z } from 'zod';
import type { PlanSummary } from '../domain/plan.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import type { Plans } from '../engine/ports.ts';
import { row, rows, type Tx } from '../engine/tx.ts';
import { instantColumn, instantText } from './columns.ts';
import { writeHere } from './plan-rows.ts';
import { type Replica, writeFrom } from './replica.ts';

/** How many vendor and ramp pairs, and error groups, a summary names. */
const TOP = 5;

/** The plans of a database, classified on `replica` as long as that is up to date. */
export const createPlans = (replica: Replica | null): Plans => ({
  now: async (tx) =>
    (await row(tx, z.object({ now: instantColumn }), `select ${instantText('now()')} as now`)).now,
  writeRows: (tx, plan) => (replica === null ? writeHere(tx, plan) : writeFrom(replica, tx, plan)),
  summarize: async (tx, batchId) => ({
    ...(await totals(tx, batchId)),
    skippedByReason: await skippedByReason(tx, batchId),
    blastRadius: await blastRadius(tx, batchId),
    errorGroups: await errorGroups(tx, batchId),
  }),
  notFound: async (tx, batchId, executionUuids) => {
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
  },
});

const totalsRow = z.object({
  matched: z.number(),
  eligible: z.number(),
  drifted: z.number(),
  webhooks: z.number(),
  emails: z.number(),
  customers: z.number(),
});

async function totals(tx: Tx, batchId: string) {
  const found = await row(
    tx,
    totalsRow,
    `select count(*) as matched,
       count(*) filter (where t.skip_reason is null) as eligible,
       count(*) filter (where t.skip_reason is null and t.drift) as drifted,
       count(v.crm_webhook_url) filter (where t.skip_reason is null) as webhooks,
       count(v.notify_email) filter (where t.skip_reason is null) as emails,
       count(distinct v.id) filter (where t.skip_reason is null
         and (v.crm_webhook_url is not null or v.notify_email is not null)) as customers
     from retry_batch.plan_rows t left join or_vendors v on v.id = t.vendor_id
     where t.batch_id = $1`,
    [batchId],
  );
  const { matched, eligible, drifted, ...notifications } = found;
  return { matched, eligible, skipped: matched - eligible, drifted, notifications };
}

async function skippedByReason(tx: Tx, batchId: string): Promise<PlanSummary['skippedByReason']> {
  const found = await rows(
    tx,
    z.object({ skip_reason: z.string(), count: z.number() }),
    `select skip_reason, count(*) as count from retry_batch.plan_rows
     where batch_id = $1 and skip_reason is not null
     group by 1 order by 2 desc, 1`,
    [batchId],
  );
  return Object.fromEntries(found.map((one) => [one.skip_reason as SkipReason, one.count]));
}

async function blastRadius(tx: Tx, batchId: string): Promise<PlanSummary['blastRadius']> {
  const found = await rows(
    tx,
    z.object({
      vendorId: z.number(),
      vendorName: z.string(),
      rampId: z.number(),
      rampName: z.string(),
      count: z.number(),
      pairs: z.number(),
      vendors: z.number(),
    }),
    `with pairs as (
       select vendor_id, ramp_id, count(*) as count from retry_batch.plan_rows where batch_id = $1 group by 1, 2)
     select p.vendor_id as "vendorId", coalesce(v.name, '') as "vendorName", p.ramp_id as "rampId",
       coalesce(r.name, '') as "rampName", p.count, (select count(*) from pairs) as pairs,
       (select count(distinct vendor_id) from pairs) as vendors
     from pairs p left join or_vendors v on v.id = p.vendor_id left join or_ramps r on r.id = p.ramp_id
     order by p.count desc, 1, 3 limit ${TOP}`,
    [batchId],
  );
  const top = found.map(({ pairs: _, vendors: __, ...pair }) => pair);
  return { top, pairs: found[0]?.pairs ?? 0, vendors: found[0]?.vendors ?? 0 };
}

async function errorGroups(tx: Tx, batchId: string): Promise<PlanSummary['errorGroups']> {
  const found = await rows(
    tx,
    z.object({ group: z.string(), count: z.number(), groups: z.number() }),
    `select coalesce(nullif(error_group, ''), '(no error message)') as "group", count(*) as count,
       count(*) over () as groups
     from retry_batch.plan_rows where batch_id = $1 and skip_reason is null
     group by 1 order by 2 desc, 1 limit ${TOP}`,
    [batchId],
  );
  return { top: found.map(({ group, count }) => ({ group, count })), groups: found[0]?.groups ?? 0 };
}
