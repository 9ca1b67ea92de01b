// The demo's causes can be mended, each once: no seeded row is left that a replay fails on.
import pg from 'pg';
import { CAUSES, mendCause } from '../../src/dev/demo/mend.ts';
import { seedIncident } from '../../src/dev/incident/seed.ts';
import { createWorld } from '../support/world.ts';

it('mends what the seeded rows fail for, says how many, and knows nothing else to mend', async () => {
  const world = await createWorld();
  const client = new pg.Client(world.url);
  await client.connect();
  await seedIncident(client, { crmUrl: null, teamId: 'T0ONRAMP' });
  await client.end();
  const hopeless = async () =>
    (
      await world.sql(
        `select e.id from or_ramp_executions e join or_ramps r on r.id = e.ramp_id
           join or_integrations i on i.id = r.integration_id
         where e.status_code = 'ERROR' and (e.trigger_payload #>> '{account,id}' is null
           or e.trigger_payload #>> '{account,name}' is null or i.token_revoked_at is not null)`,
      )
    ).length;
  expect(await hopeless()).toBeGreaterThan(10);
  for (const { value, label } of CAUSES) {
    expect(await mendCause(world.url, value)).toMatch(/: [1-9]\d* rows? mended; the customer/);
    expect(await mendCause(world.url, value)).toBe(`${label}: mended already`);
  }
  expect(await hopeless()).toBe(0);
  await expect(mendCause(world.url, 'toString')).rejects.toThrow('no such cause');
});
