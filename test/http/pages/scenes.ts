// Incidents as their pictures are to show them: many failures at once, at times of one's own.
import type { Ramp, World } from '../../support/world.ts';

export const MINUTE = 60_000;

export type Spread = {
  readonly ramp: Ramp;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly type?: string;
  readonly message?: string;
  readonly payload?: unknown;
};

/** Executions that failed alike, evenly from one moment to another; the first of a hundred thousand as quickly as the last. */
export async function spread(world: World, scene: Spread): Promise<void> {
  const { ramp, count, from, to } = scene;
  const error = {
    at: '2026-05-11T12:31:00Z',
    level: 'error',
    message: 'step failed',
    error_type: scene.type ?? 'UnboundLocalError',
    error_message: scene.message ?? "cannot access local variable 'new_task'",
  };
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, logs, created_at, updated_at)
     select u.uuid, $1, $2, 1, 'salesforce:Opportunity:' || u.uuid, coalesce($3::jsonb, jsonb_build_object('account',
       jsonb_build_object('id', u.uuid, 'name', 'Customer ' || g))), 'ERROR', $4::jsonb, u.at, u.at
     from generate_series(0, $5::int - 1) as g cross join lateral (select gen_random_uuid() as uuid,
       to_timestamp(($6::float8 + ($7::float8 - $6::float8) * g / greatest($5::int - 1, 1)) / 1000) as at, g as n) u`,
    [
      ...[ramp.vendorId, ramp.id, scene.payload === undefined ? null : JSON.stringify(scene.payload)],
      ...[JSON.stringify([error]), count, from, to],
    ],
  );
}

/** The window from one moment to another, as a request has it. */
export function windowOf(from: number, to: number) {
  return { since: new Date(from).toISOString(), until: new Date(to).toISOString() };
}

/**
 * A batch like `batchId`, with as many rows as one likes, written as a plan stores them: of one customer, a third of them succeeded,
 * a third failed, the rest not reached. `message` is what each had failed with.
 */
export async function manyRows(
  world: World,
  batchId: string,
  { ramp, count, from, to, message = "cannot access local variable 'new_task'" }: Spread,
): Promise<string> {
  const { id } = await world.one<{ id: string }>(
    `insert into retry_batch.batches (door, status, request, since_at, until_at, force_retry, suppress_notifications,
       config_error_types, summary, eligible, requested_by, chunk_size, started_at, ended_at, decided_by, decided_at)
     select door, 'finished', request, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), force_retry, suppress_notifications,
       config_error_types, summary || jsonb_build_object('matched', $2::int, 'eligible', $2::int, 'skipped', 0), $2, requested_by,
       chunk_size, now() - interval '5 minutes', now(), requested_by, now() - interval '5 minutes'
     from retry_batch.batches where id = $1 returning id`,
    [batchId, count, from, to],
  );
  await world.sql(
    `insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
       created_at, workflow_version, drift, error_type, error_message, error_group, outcome, project_uuid, outcome_error_type,
       outcome_error_message, outcome_error_group, done_at)
     select $1, g, 1000000000 + g, gen_random_uuid(), $2, $3, $4, to_timestamp(($5::float8 + ($6::float8 - $5::float8) * g / $7) / 1000),
       1, false, 'UnboundLocalError', $8, 'UnboundLocalError: grouped',
       case g % 3 when 0 then 'success' when 1 then 'error' end, case g % 3 when 0 then gen_random_uuid() end,
       case g % 3 when 1 then 'UnboundLocalError' end, case g % 3 when 1 then $8 || ' again' end,
       case g % 3 when 1 then 'UnboundLocalError: grouped' end, case when g % 3 < 2 then now() - interval '1 minute' end
     from generate_series(1, $7::int) g`,
    [id, ramp.vendorId, ramp.id, ramp.uuid, from, to, count, message],
  );
  return id;
}
