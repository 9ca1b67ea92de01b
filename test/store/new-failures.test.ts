// What a report counts of a run's time, however much fails after it.
import type { Instant } from '../../src/domain/instant.ts';
import { newFailures } from '../../src/store/live.ts';
import { sharedEngine } from '../support/engine.ts';

const { world, engine } = sharedEngine();

const SPAN = {
  since: '2026-05-11T12:00:00.000000Z' as Instant,
  until: '2026-05-11T13:00:00.000000Z' as Instant,
};
/** More than are looked at. */
const MANY = 700;

it('what failed later than the time that is asked about, by creation and by finish, hides nothing of it', async () => {
  const ramp = await world.ramp();
  const like = { ramp, errorType: 'KeyError', errorMessage: 'lane 7' };
  await world.execution({ ...like, createdAt: '2026-05-11T12:30:00Z' });
  await world.execution({ ...like, createdAt: '2026-05-11T11:00:00Z', finishedAt: '2026-05-11T12:40:00Z' });
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at, finished_at)
     select gen_random_uuid(), vendor_id, ramp_id, workflow_version, gen_random_uuid()::text, trigger_payload,
       status_code, logs, '2026-05-11T14:00:00Z', '2026-05-11T14:00:00Z', '2026-05-11T14:00:00Z'
     from (select * from or_ramp_executions limit 1) one, generate_series(1, ${MANY})`,
  );
  await world.sql('create index on or_ramp_executions (status_code, finished_at)');
  const found = await newFailures(engine.ports.db.autocommit, ['KeyError: lane <n>'], SPAN);
  expect(found).toEqual({ count: 2, more: false });
});
