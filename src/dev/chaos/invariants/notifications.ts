// Notifications: exactly those of committed projects, each delivered, under one id.
import type { ChaosDatabase } from '../database.ts';
import type { Arrival } from '../receivers.ts';
import { check, type Invariant } from './check.ts';

/** SQL: which notifications each replayed project should have. */
const WANTED = `
  wanted as (
    select t.batch_id, t.execution_id, t.project_uuid, kind.kind
    from retry_batch.plan_rows t
    join retry_batch.batches b on b.id = t.batch_id
    join or_vendors v on v.id = t.vendor_id
    cross join lateral (values ('webhook', v.crm_webhook_url), ('email', v.notify_email)) kind (kind, place)
    where t.outcome = 'success' and not b.suppress_notifications and kind.place is not null),
  owed as (
    select t.batch_id, t.project_uuid, c.kind from retry_batch.plan_rows t
    join retry_batch.batches b on b.id = t.batch_id and b.suppress_notifications
    join chaos.ticked c on c.batch_id = t.batch_id and c.vendor_id = t.vendor_id
    where t.outcome = 'success')`;

const NOTIFICATION_INVARIANTS: readonly Invariant[] = [
  {
    that: 'a project has its notifications',
    breaches: `with ${WANTED} select w.kind || ' of project ' || w.project_uuid || ', batch ' || w.batch_id as what from wanted w
      where not exists (select from retry_batch.notifications n where n.project_uuid = w.project_uuid and n.kind = w.kind)`,
  },
  {
    that: 'a notification has its committed project, and was not suppressed, or was owed to a customer who was ticked',
    breaches: `with ${WANTED} select n.kind || ' ' || n.id as what from retry_batch.notifications n
      where not exists (select from wanted w where w.project_uuid = n.project_uuid and w.kind = n.kind
          union all select from owed o where o.project_uuid = n.project_uuid and o.kind = n.kind)
        or not exists (select from or_projects p where p.project_uuid = n.project_uuid and p.execution_id = n.execution_id)`,
  },
  {
    that: 'a project is told of once by each kind',
    breaches: `select kind || ' of ' || project_uuid as what from retry_batch.notifications
      group by kind, project_uuid having count(*) > 1`,
  },
  {
    that: 'the trail says how much of what a run owed was sent',
    breaches: `select b.id || ': ' || coalesce(sum(s.said), 0) || ' said, ' || n.stored || ' stored' as what
      from retry_batch.batches b
      cross join lateral (select count(*) as stored from retry_batch.notifications n where n.batch_id = b.id) n
      left join lateral (select (v.evidence ->> 'webhooks')::bigint + (v.evidence ->> 'emails')::bigint as said
        from retry_batch.events v where v.batch_id = b.id and v.action = 'owed_sent') s on true
      where b.suppress_notifications group by b.id, n.stored having coalesce(sum(s.said), 0) <> n.stored`,
  },
  {
    that: 'a notification is delivered in the end',
    breaches: `select n.kind || ' ' || n.id || ' is ' || n.status || ' after ' || n.attempts || ' tries: ' || coalesce(n.last_failure, '') as what
      from retry_batch.notifications n where n.status <> 'delivered'`,
  },
];

/** The tables' invariants, and what the receivers have against the tables. */
export async function checkNotifications(db: ChaosDatabase, arrivals: readonly Arrival[]): Promise<string[]> {
  const stored = await db.sql<{ id: string; kind: string; projectUuid: string }>(
    `select id, kind, project_uuid as "projectUuid" from retry_batch.notifications`,
  );
  const keyOf = (one: { id: string; kind: string; projectUuid: string }) =>
    `${one.kind} ${one.id} of ${one.projectUuid}`;
  const known = new Set(stored.map(keyOf));
  const arrived = new Set(arrivals.map(keyOf));
  const ids = new Map<string, Set<string>>();
  for (const { kind, id, projectUuid } of arrivals) {
    const key = `${kind} of ${projectUuid}`;
    ids.set(key, (ids.get(key) ?? new Set()).add(id));
  }
  return [
    ...(await check(db, NOTIFICATION_INVARIANTS)),
    ...[...known].filter((key) => !arrived.has(key)).map((key) => `never arrived: ${key}`),
    ...[...arrived].filter((key) => !known.has(key)).map((key) => `arrived and is in no table: ${key}`),
    ...[...ids]
      .filter(([, all]) => all.size > 1)
      .map(([key, all]) => `arrived under ${all.size} ids: ${key}`),
  ];
}
