// Incidents of tonight, for pictures of failures over time: so many, from one moment to another, in the demo's database.
import { REGRESSION } from '../../demo/workflow-engine.ts';
import { withClient } from '../../postgres/with-client.ts';

export const MINUTE = 60_000;

export type Failures = {
  readonly count: number;
  readonly from: number;
  readonly to: number;
  /** 1: evenly; more: most of them at the beginning, as after a deploy. */
  readonly bend?: number;
  /** Whether customers are among them whose token was revoked: their replays fail. */
  readonly revoked?: boolean;
};

const INSERT = `
  with ramps as (
    select row_number() over (order by r.id) - 1 as nth, count(*) over () as all_of_them, r.id, r.vendor_id, r.current_version
    from or_ramps r join or_integrations i on i.id = r.integration_id
    where r.status = 'published' and r.archived_at is null and r.deleted_at is null
      and i.user_configured and (i.token_revoked_at is null or $6)
  ), failures as (
    select n, gen_random_uuid() as uuid, to_timestamp(($2::float8 + ($3::float8 - $2::float8) * power((n + 0.5) / $1::int, $4::float8)) / 1000) as at
    from generate_series(0, $1::int - 1) as n
  )
  insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload, status_code,
    logs, created_at, updated_at, finished_at)
  select f.uuid, ramps.vendor_id, ramps.id, ramps.current_version, 'salesforce:Opportunity:' || f.uuid || ':closed_won',
    jsonb_build_object('account', jsonb_build_object('id', '001-' || f.uuid, 'name', 'Customer ' || f.n || ' Ltd')), 'ERROR',
    jsonb_build_array($5::jsonb || jsonb_build_object('at', f.at)), f.at, f.at, f.at
  from failures f join ramps on ramps.nth = f.n % ramps.all_of_them`;

/** Makes them; all failed as the seeded incident's did. */
export async function fail(databaseUrl: string, failures: Failures): Promise<void> {
  const { count, from, to, bend = 1, revoked = false } = failures;
  const error = { level: 'error', message: 'step create_project failed', ...REGRESSION };
  await withClient(databaseUrl, async (client) => {
    await client.query(INSERT, [count, from, to, bend, JSON.stringify(error), revoked]);
    await client.query('analyze or_ramp_executions');
  });
}

const EARLIER = `
  update retry_batch.batches set requested_at = requested_at - by.it, decided_at = decided_at - by.it,
    started_at = started_at - by.it, ended_at = ended_at - by.it from by`;

/** Puts what was asked for and run some time into the past, so that a picture shows what came behind it. */
export async function putBack(databaseUrl: string, minutes: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`with by as (select make_interval(mins => $1) as it) ${EARLIER}`, [minutes]);
    await client.query('update retry_batch.plan_rows set done_at = done_at - make_interval(mins => $1)', [
      minutes,
    ]);
  });
}
