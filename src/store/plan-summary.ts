// Sums up a plan: the counts by reason, vendor, ramp and error group, over rows that are stored or only classified.
import { z } from 'zod';
import type { PlanSummary } from '../domain/plan.ts';
import { SKIP_REASONS } from '../domain/skip-filters.ts';
import { instantText } from './columns.ts';
import { type Kin, kinColumn, MOST_KIN } from './kin.ts';

/** How many vendor and ramp pairs, and error groups, a summary names. */
const TOP = 5;

/** How many customers it names. */
const TOP_CUSTOMERS = 4;

/** How many rows of a plan are of a vendor and ramp: the blast radius, the runbook's step 1. */
export type VendorRamp = {
  readonly vendor_id: number;
  readonly ramp_id: number;
  readonly count: number;
  readonly eligible: number;
};

/** A plan summed up, and every pair of vendor and ramp where those were asked for, the largest first. */
export type SummedUp = {
  readonly summary: PlanSummary;
  readonly pairs: readonly VendorRamp[];
  readonly kin: Kin;
};

/**
 * SQL: the CTEs that count the rows of `source`, and what is selected over them; `everyPair` is a condition. The rows are
 * read once: what is counted over them differs in a few columns only.
 */
export function summarySql(
  source: string,
  everyPair: string,
): { readonly ctes: string; readonly select: string } {
  return {
    ctes: `cells as materialized (
    select vendor_id, ramp_id, skip_reason, error_group, drift, count(*) as rows, max(created_at) as newest
    from ${source} group by 1, 2, 3, 4, 5
  ),
  eligible as (select * from cells where skip_reason is null),
  reasons as (select skip_reason, sum(rows) as count from cells where skip_reason is not null group by 1),
  pairs as (
    select vendor_id, ramp_id, sum(rows) as count, coalesce(sum(rows) filter (where skip_reason is null), 0) as eligible
    from cells group by 1, 2),
  customers as (select vendor_id, sum(rows) as count from eligible group by 1),
  revoked as (
    select e.vendor_id, i.provider, sum(e.rows) as count from eligible e
    join or_ramps r on r.id = e.ramp_id join or_integrations i on i.id = r.integration_id
    where i.token_revoked_at is not null group by 1, 2),
  error_groups as (
    select coalesce(nullif(error_group, ''), '(no error message)') as "group", sum(rows) as count
    from eligible group by 1),
  kin_groups as (select error_group, sum(rows) as count from eligible group by 1 order by 2 desc, 1 limit ${MOST_KIN}),
  kin_ramps as (select ramp_id, sum(rows) as count from eligible group by 1 order by 2 desc, 1 limit ${MOST_KIN})`,
    select: `select
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
           'rampId', t.ramp_id, 'rampName', coalesce(r.name, ''), 'count', t.count, 'eligible', t.eligible)
         order by t.count desc, t.vendor_id, t.ramp_id), '[]'))
     from (select * from pairs order by count desc, vendor_id, ramp_id limit ${TOP}) t
     left join or_vendors v on v.id = t.vendor_id left join or_ramps r on r.id = t.ramp_id) as "blastRadius",
    ${CUSTOMERS} as customers, ${REVOKED} as revoked,
    (select json_build_object('groups', (select count(*) from error_groups), 'top', coalesce(json_agg(t), '[]'))
     from (select "group", count from error_groups order by count desc, 1 limit ${TOP}) t) as "errorGroups",
    (select json_build_object('groups', (select coalesce(json_agg(error_group), '[]') from kin_groups),
       'rampIds', (select coalesce(json_agg(ramp_id), '[]') from kin_ramps),
       'newest', ${instantText('max(newest)')}) from eligible) as kin,
    coalesce((select json_agg(pairs order by count desc, vendor_id, ramp_id) from pairs where ${everyPair}), '[]') as pairs`,
  };
}

/** SQL: the largest customers by name, and how many there are. */
const CUSTOMERS = `(select json_build_object('all', (select count(*) from customers), 'top', coalesce(json_agg(json_build_object(
       'vendorId', t.vendor_id, 'name', coalesce(v.name, ''), 'count', t.count) order by t.count desc, t.vendor_id), '[]'))
     from (select * from customers order by count desc, vendor_id limit ${TOP_CUSTOMERS}) t
     left join or_vendors v on v.id = t.vendor_id)`;

/** SQL: the same of those whose tokens were revoked, with what the tokens are of. */
const REVOKED = `(select json_build_object('all', (select count(distinct vendor_id) from revoked),
       'tokens', (select count(*) from revoked), 'rows', coalesce((select sum(count) from revoked), 0),
       'top', coalesce(json_agg(json_build_object('vendorId', t.vendor_id, 'name', coalesce(v.name, ''),
         'provider', left(t.provider, 100), 'count', t.count) order by t.count desc, t.vendor_id, t.provider), '[]'))
     from (select * from revoked order by count desc, vendor_id, provider limit ${TOP_CUSTOMERS}) t
     left join or_vendors v on v.id = t.vendor_id)`;

const customer = z.object({ vendorId: z.number(), name: z.string(), count: z.number() });
const customers = z.object({ all: z.number(), top: z.array(customer) });
const revoked = z.object({
  all: z.number(),
  tokens: z.number(),
  rows: z.number(),
  top: z.array(customer.extend({ provider: z.string() })),
});

/** What `summarySql` selects. */
export const summedUpRow = z
  .object({
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
          eligible: z.number(),
        }),
      ),
      pairs: z.number(),
      vendors: z.number(),
    }),
    customers,
    revoked,
    errorGroups: z.object({
      top: z.array(z.object({ group: z.string(), count: z.number() })),
      groups: z.number(),
    }),
    kin: kinColumn,
    pairs: z.array(
      z.object({ vendor_id: z.number(), ramp_id: z.number(), count: z.number(), eligible: z.number() }),
    ),
  })
  .transform(({ totals, pairs, kin, ...counted }): SummedUp => {
    const { matched, eligible, drifted, ...notifications } = totals;
    return {
      summary: { matched, eligible, skipped: matched - eligible, drifted, notifications, ...counted },
      pairs,
      kin,
    };
  });
