// Many failed executions at once, where it is their number or their spread over customers that matters.

import type { Ramp, World } from './world.ts';

/** What a row's trigger said; a piece of SQL that may ask for the row's number, `n`. */
const PAYLOAD = `'{"account": {"id": "a", "name": "A"}}'::jsonb`;

/** So many failed executions of a workflow, a second apart from 12:31 on; the first is number 1. */
export async function manyFailed(world: World, ramp: Ramp, rows: number, payload = PAYLOAD): Promise<void> {
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at)
     select gen_random_uuid(), $1, $2, 1, 'k' || n, ${payload}, 'ERROR',
       '[{"error_type": "UnboundLocalError", "error_message": "new_task"}]',
       '2026-05-11T12:31:00Z'::timestamptz + n * interval '1 second', now()
     from generate_series(1, $3::int) n`,
    [ramp.vendorId, ramp.id, rows],
  );
  // As autovacuum does soon after so many rows.
  await world.sql('analyze or_ramp_executions');
}

/**
 * The workflows of three customers: of 'Misconfigured' four rows match and none is eligible, of 'Rarely hit' three and one, of
 * 'Often hit' two and two.
 */
export async function threeCustomers(world: World): Promise<string[]> {
  const named = async (name: string, errorTypes: readonly string[]) => {
    const ramp = await world.ramp({ vendorId: await world.vendor({ name }) });
    for (const errorType of errorTypes) await world.execution({ ramp, errorType });
    return ramp.uuid;
  };
  const config = 'WorkflowConfigError';
  return [
    await named('Misconfigured', [config, config, config, config]),
    await named('Rarely hit', [config, config, 'UnboundLocalError']),
    await named('Often hit', ['UnboundLocalError', 'UnboundLocalError']),
  ];
}
