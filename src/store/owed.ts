// What a suppressed run owes its customers, read from what it created: the projects that are still there, of customers who
// have an address, and of which nobody was asked to tell. `unique (project_uuid, kind)` lets each be told once.
import { z } from 'zod';
import type { Chosen, CustomerNews, CustomerOwed } from '../domain/owed.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';
import { patterns } from './search.ts';
import { WOKEN } from './thread-leases.ts';

/** SQL: the projects that batch $1 created, with their customer and what was asked for already. */
export const CREATED = `retry_batch.plan_rows t
  left join or_projects p on p.project_uuid = t.project_uuid
  left join or_vendors v on v.id = t.vendor_id
  left join retry_batch.notifications w on w.project_uuid = t.project_uuid and w.kind = 'webhook'
  left join retry_batch.notifications m on m.project_uuid = t.project_uuid and m.kind = 'email'`;

/** SQL: which rows of the plan made one. */
export const OF_BATCH = `t.batch_id = $1 and t.outcome = 'success'`;

/** SQL: whether the project's customer is still owed this kind. */
const OWED = {
  webhook: `(p.id is not null and v.crm_webhook_url is not null and w.id is null)`,
  email: `(p.id is not null and v.notify_email is not null and m.id is null)`,
} as const;

const NAME = `coalesce(left(v.name, 200), 'vendor ' || t.vendor_id)`;

const news = { vendorId: z.number(), name: z.string(), webhooks: z.number(), emails: z.number() };
const owedRow = z.object({ ...news, asked: z.number(), gone: z.number() });

/** How things stand with each customer of a run whose name has `typed`, or whose id it is; by name. Throws as `Tx.query` does. */
export async function owedOf(tx: Tx, batchId: string, typed = ''): Promise<CustomerOwed[]> {
  const { exact, within } = patterns(typed);
  return rows(
    tx,
    owedRow,
    `select t.vendor_id as "vendorId", ${NAME} as name,
       count(*) filter (where ${OWED.webhook}) as webhooks, count(*) filter (where ${OWED.email}) as emails,
       count(w.id) + count(m.id) as asked, count(*) filter (where p.id is null) as gone
     from ${CREATED} where ${OF_BATCH} and (v.name ilike $2 or t.vendor_id::text = $3 or $3 = '')
     group by 1, 2 order by lower(${NAME}), 1`,
    [batchId, within, exact],
  );
}

/** Whether anything is still owed. Throws as `Tx.query` does. */
export async function isOwing(tx: Tx, batchId: string): Promise<boolean> {
  const { owing } = await row(
    tx,
    z.object({ owing: z.boolean() }),
    `select exists (select from ${CREATED} where ${OF_BATCH} and (${OWED.webhook} or ${OWED.email})) as owing`,
    [batchId],
  );
  return owing;
}

/** What somebody chose, as it stood when it was shown to them: who is told how much. */
export type Shown = { readonly choiceId: string; readonly customers: readonly CustomerNews[] };

/** Keeps just those rows that are owed at this moment and chosen, in the statement that counts them. Throws as `Tx.query` does. */
export async function keepChoice(
  tx: Tx,
  { batchId, userId, chosen }: { readonly batchId: string; readonly userId: string; readonly chosen: Chosen },
): Promise<Shown | null> {
  const idsOf = (ids: readonly number[] | 'all') => (ids === 'all' ? null : [...ids]);
  const among = (ids: string) => `(${ids}::bigint[] is null or t.vendor_id = any (${ids}))`;
  const found = await rows(
    tx,
    z.object({ choiceId: z.string(), ...news }),
    `with owed as materialized (
       select t.position, t.vendor_id, ${NAME} as name, ${OWED.webhook} and ${among('$3')} as webhook,
         ${OWED.email} and ${among('$4')} as email
       from ${CREATED} where ${OF_BATCH}),
     kept as (
       insert into retry_batch.owed_choices (batch_id, slack_user_id, webhooks, emails)
       select $1, $2, coalesce(array_agg(position) filter (where webhook), '{}'),
         coalesce(array_agg(position) filter (where email), '{}')
       from owed having bool_or(webhook or email) returning id)
     select kept.id as "choiceId", vendor_id as "vendorId", name, count(*) filter (where webhook) as webhooks,
       count(*) filter (where email) as emails
     from kept, owed where webhook or email group by 1, 2, 3
     order by count(*) filter (where webhook) + count(*) filter (where email) desc, lower(name), 2`,
    [batchId, userId, idsOf(chosen.webhook), idsOf(chosen.email)],
  );
  const [first] = found;
  return first === undefined ? null : { choiceId: first.choiceId, customers: found };
}

/**
 * The reports of runs that ended more than so many days less so many minutes ago lose their button for what these owe: due now.
 * Throws as `Tx.query` does.
 */
export async function wakeOwing(tx: Tx, afterDays: number, minutesBefore: number): Promise<void> {
  await tx.query(
    `update retry_batch.slack_threads s set ${WOKEN} from retry_batch.batches b
     where b.id = s.batch_id and s.report_owes and s.settled and b.pruned_at is null
       and b.ended_at < now() - make_interval(days => $1) + make_interval(mins => $2)`,
    [afterDays, minutesBefore],
  );
}
