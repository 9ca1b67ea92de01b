// The demo's causes can be mended, each once: no seeded row is left that a replay fails on.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { CAUSES, mendCause } from '../../src/dev/demo/mend.ts';
import { startDemo } from '../../src/dev/demo/start.ts';
import { seedIncident } from '../../src/dev/incident/seed.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { atTheEnd } from '../support/shared.ts';
import { until } from '../support/until.ts';
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

it('lets Retry held succeed: what one customer’s revoked token held back is replayed after it is mended', async () => {
  const server = String(process.env.TEST_POSTGRES_URL);
  const demo = await startDemo({
    server: { url: server, urlOf: (name) => server.replace(/\/[^/]*$/, `/${name}`) },
    database: `demo_${randomUUID().replaceAll('-', '')}`,
    template: process.env.TEST_TEMPLATE,
    ackTimeoutMs: LONGEST_WAIT_MS,
  });
  atTheEnd(() => demo.stop());
  const { slack, databaseUrl } = demo;
  const channel = 'C0INCIDENT';
  const text = 'since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error=new_task';
  await slack.human.command({ user: 'U0ONCALL', channel, command: '/retry-batch', text });
  const withButton = async (actionId: string) =>
    slack.waitFor(
      (now) =>
        [...now.channelMessages(channel)]
          .reverse()
          .find((one) => JSON.stringify(one.blocks ?? []).includes(`"${actionId}"`)),
      { what: `a message with ${actionId}` },
    );
  const click = async (actionId: string) => {
    const { ts } = await withButton(actionId);
    await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId, confirm: 'accept' });
  };
  await click('retry_batch_approve');
  await withButton('retry_batch_retry_held');
  const replayed = async () => {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from or_projects p join or_ramps r on r.id = p.ramp_id where r.vendor_id = 6',
    );
    await client.end();
    return Number(rows[0]?.count);
  };
  expect(await replayed()).toBe(0);
  await mendCause(databaseUrl, 'integration');
  await click('retry_batch_retry_held');
  await until('a project of what was held', async () => (await replayed()) > 0);
});
