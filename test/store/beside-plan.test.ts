// What a dry run warns of besides its plan: failures that it leaves out because they came later.
import { newer } from '../../src/store/lists.ts';
import { sharedEngine } from '../support/engine.ts';
import type { Ramp } from '../support/world.ts';

const { world, engine } = sharedEngine();
let ramp: Ramp;

beforeEach(async () => {
  ramp = await world.ramp();
  await world.execution({ ramp });
});

const since = '2026-05-11T12:30:00Z';
const plan = async (more: Record<string, unknown> = {}) =>
  (await engine.plan({ since, ramp_uuids: [ramp.uuid], ...more })).batch;
const asked = (batchId: string) => newer(engine.ports.db.autocommit, batchId);

/** So many executions fail now, one like the other. */
async function fail(rows: number, more: { errorMessage?: string; ramp?: Ramp } = {}): Promise<void> {
  const { id } = await world.execution({ ramp, createdAt: '2026-01-01T00:00:00Z', ...more });
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at)
     select gen_random_uuid(), vendor_id, ramp_id, workflow_version, gen_random_uuid()::text, trigger_payload,
       status_code, logs, now(), now()
     from or_ramp_executions, generate_series(1, $2) where id = $1`,
    [id, rows],
  );
}

it('only what the dry run itself would match is told: its error, in its case, and its workflows', async () => {
  const { id } = await plan({ error_pattern: 'new_task' });
  const every = await plan();
  await fail(2);
  await fail(3, { errorMessage: 'the token was revoked' });
  await fail(1, { errorMessage: 'NEW_TASK' });
  await fail(1, { ramp: await world.ramp() });
  expect(await asked(id)).toEqual({ rows: 2, known: 'exactly' });
  expect(await asked(every.id)).toEqual({ rows: 6, known: 'exactly' });
});

it('what is said to come later than now is none of it', async () => {
  const { id } = await plan();
  await world.execution({ ramp, createdAt: 'infinity' });
  expect(await asked(id)).toEqual({ rows: 0, known: 'exactly' });
});

it('a thousand are counted, and of more is said that there are more', async () => {
  const { id } = await plan({ error_pattern: 'new_task' });
  await fail(1000);
  expect(await asked(id)).toEqual({ rows: 1000, known: 'exactly' });
  await fail(1);
  expect(await asked(id)).toEqual({ rows: 1000, known: 'more than' });
});

it('in a storm of other failures not all is read, and that is said', async () => {
  const { id } = await plan({ error_pattern: 'new_task' });
  await fail(3);
  await fail(2100, { errorMessage: 'the token was revoked' });
  expect(await asked(id)).toEqual({ rows: 3, known: 'at least' });
});
