// The incident once more and many times as large, a day later: the same customers, workflows and odd rows.
import pg from 'pg';

const SINCE = '2026-05-12T00:00:00Z';

/** Adds so many failed executions, as the incident's are; answers from when on they are found. */
export async function multiplyIncident(databaseUrl: string, rows: number): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      `with kinds as (
         select *, row_number() over (order by id) as n, count(*) over () as kinds from or_ramp_executions
         where status_code = 'ERROR' and created_at >= '2026-05-11T12:30:00Z' and created_at < '2026-05-11T14:30:00Z'
           and logs #>> '{-1,error_message}' like '%new_task%')
       insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
         status_code, logs, created_at, updated_at, finished_at)
       select gen_random_uuid(), k.vendor_id, k.ramp_id, k.workflow_version, k.trigger_key || ':' || g,
         case when jsonb_typeof(k.trigger_payload -> 'account' -> 'id') = 'string'
           then jsonb_set(k.trigger_payload, '{account,id}', to_jsonb('many-' || g)) else k.trigger_payload end,
         'ERROR', k.logs, at, at, at
       from generate_series(1, $1::int) g join kinds k on k.n = 1 + g % k.kinds,
         lateral (select $2::timestamptz + make_interval(secs => g) as at) t`,
      [rows, SINCE],
    );
    return SINCE;
  } finally {
    await client.end();
  }
}
