// Writes and sums up plans. The database does both by itself, so that memory does not grow with the backlog.
import { z } from 'zod';
import type { PlanSummary } from '../domain/plan.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import type { PlanRows, Plans } from '../engine/ports.ts';
import { row, rows, type Tx } from '../engine/tx.ts';
import { classification } from './classification.ts';
import { instantColumn, instantText } from './columns.ts';

/** How many vendor and ramp pairs, and error groups, a summary names. */
const TOP = 5;

export const plans: Plans = {
  now: async (tx) =>
    (await row(tx, z.object({ now: instantColumn }), `select ${instantText('now()')} as now`)).now,
  writeRows,
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
};

/** SQL: a text that equals another one's as the two are alike, nulls too; "is not distinct from" can't be hashed. */
const orNone = (text: string) => `coalesce('=' || ${text}, '')`;

async function writeRows(tx: Tx, plan: PlanRows): Promise<number | null> {
  const selection = { ...plan.request, ...plan.window };
  const { text, values } = classification(selection, plan.configErrorTypes, plan.maxRows);
  const batchId = `$${values.length + 1}::uuid`;
  const written = await tx.query(
    `${text},
    in_order as (
      -- Never replayed first, then the least recently replayed: rows that keep failing can't starve the rest.
      select c.*,
        case when skip_reason is null then (
          select max(h.created_at) from or_workflow_history h
          where h.execution_id = c.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'
        ) end as last_replayed
      from classified c
    ),
    groups as (
      -- The errors of one incident are much the same: each is read once, and only where a row may be replayed.
      select error_type, error_message, retry_batch.error_group(error_type, error_message) as error_group
      from (select distinct error_type, error_message from classified where skip_reason is null) errors
    )
    insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id,
      ramp_uuid, created_at, workflow_version, drift, error_type, error_message, error_group, skip_reason, skip_detail)
    select ${batchId},
      row_number() over (order by skip_reason is not null, last_replayed nulls first, created_at, execution_id),
      execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at, workflow_version, drift,
      o.error_type, o.error_message, g.error_group, skip_reason, coalesce(skip_detail, '')
    from in_order o
    left join groups g on o.skip_reason is null
      and ${orNone('o.error_type')} = ${orNone('g.error_type')}
      and ${orNone('o.error_message')} = ${orNone('g.error_message')}`,
    [...values, plan.batchId],
  );
  return written.rowCount > plan.maxRows ? null : written.rowCount;
}

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
