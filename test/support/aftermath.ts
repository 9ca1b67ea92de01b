// What a replay left behind in OnRamp's tables, as somebody who looks at the execution finds it.
import { until } from './until.ts';
import type { Execution, Ramp, World } from './world.ts';

export type HistoryEntry = {
  readonly action: string;
  readonly actor: string;
  readonly details: Record<string, unknown>;
  readonly rampId: number;
  readonly vendorId: number;
};

export type Aftermath = {
  readonly status: string;
  readonly logs: Record<string, unknown>[];
  /** True where the time is that of a transaction of this test, not one of the incident. */
  readonly finishedNow: boolean;
  readonly updatedNow: boolean;
  readonly projects: { uuid: string; name: string; accountId: number; vendorId: number; tasks: string[] }[];
  readonly accounts: { id: number; name: string }[];
  readonly links: { externalId: string; entityId: number; archived: boolean }[];
  readonly history: HistoryEntry[];
};

/** The execution's status as it is now. */
export async function statusOf(world: World, execution: Execution): Promise<string> {
  const { status } = await world.one<{ status: string }>(
    'select status_code as status from or_ramp_executions where id = $1',
    [execution.id],
  );
  return status;
}

/** The workflow's projects, oldest first. */
export function projectsOf(
  world: World,
  ramp: Ramp,
): Promise<{ uuid: string; execution_id: number; name: string }[]> {
  return world.sql(
    'select project_uuid as uuid, execution_id, name from or_projects where ramp_id = $1 order by id',
    [ramp.id],
  );
}

/** The execution with its projects and history, and every account and link of its vendor. */
export function aftermathOf(world: World, execution: Execution): Promise<Aftermath> {
  return world.one<Aftermath>(
    `select e.status_code as status, e.logs,
       coalesce(e.finished_at > now() - interval '1 hour', false) as "finishedNow",
       e.updated_at > now() - interval '1 hour' as "updatedNow",
       (select coalesce(jsonb_agg(jsonb_build_object('uuid', p.project_uuid, 'name', p.name, 'accountId', p.account_id,
           'vendorId', p.vendor_id, 'tasks', (select coalesce(jsonb_agg(t.name order by t.position), '[]')
             from or_project_tasks t where t.project_id = p.id)) order by p.id), '[]')
         from or_projects p where p.execution_id = e.id) as projects,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) order by a.id), '[]')
         from or_accounts a where a.vendor_id = e.vendor_id) as accounts,
       (select coalesce(jsonb_agg(jsonb_build_object('externalId', l.external_id, 'entityId', l.entity_id,
           'archived', l.archived_at is not null) order by l.id), '[]')
         from or_object_entity_ids l where l.vendor_id = e.vendor_id) as links,
       (select coalesce(jsonb_agg(jsonb_build_object('action', h.action, 'actor', h.actor, 'details', h.details,
           'rampId', h.ramp_id, 'vendorId', h.vendor_id) order by h.id), '[]')
         from or_workflow_history h where h.execution_id = e.id) as history
     from or_ramp_executions e where e.id = $1`,
    [execution.id],
  );
}

/** Resolves when so many of the world's backends wait for a lock; fails where one of `works` ends without waiting. */
export async function untilWaiting(
  world: World,
  count: number,
  works: readonly Promise<unknown>[],
): Promise<void> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  for (const work of works) work.then(end, end);
  await until(`${count} wait for a lock`, async () => {
    if (ended) throw new Error(`expected ${count} to wait for a lock`);
    const { n } = await world.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return n >= count;
  });
}
