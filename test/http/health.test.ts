// What a load balancer and an orchestrator ask.

import { sharedCaller } from '../support/caller.ts';
import { type DatabaseProxy, openProxy } from '../support/database-proxy.ts';
import { send } from '../support/http.ts';
import { until } from '../support/until.ts';

let cable: DatabaseProxy;
const { world, app } = sharedCaller(async ({ url }) => {
  cable = await openProxy(url);
  return { DATABASE_URL: cable.url };
});

const get = (path: string) => send(app, { method: 'GET', path });

describe('a process that is up', () => {
  it('is alive and ready, and says so to anybody', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
    const ready = { status: 'ready', checks: { database: 'ok', queue: 'ok', brake: 'off' } };
    expect(await get('/readyz')).toMatchObject({ status: 200, body: ready });
  });

  it('is ready although Slack is away, and says that it is degraded', async () => {
    await until('ready, and degraded', async () => {
      const { status, text } = await get('/readyz');
      expect(status).toBe(200);
      return text.includes('degraded');
    });
  });

  it('says that the emergency brake is on, which is no reason to restart it', async () => {
    await world.sql(`update retry_batch.brake set is_on = true`);
    const on = await until('the brake is said to be on', async () => {
      const answer = await get('/readyz');
      return answer.text.includes('"brake":"on"') && answer;
    });
    expect(on.status).toBe(200);
    await world.sql(`update retry_batch.brake set is_on = false`);
  });

  it('is alive but not ready while the database is away, and ready again when it is back', async () => {
    cable.cut();
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    const away = await until('not ready', async () => {
      const answer = await get('/readyz');
      return answer.status === 503 && answer;
    });
    expect(away.body).toMatchObject({ status: 'not_ready', checks: { database: 'unreachable' } });
    cable.mend();
    await until('ready again', async () => (await get('/readyz')).status === 200);
  });

  it('shows no secret and no address of its database', async () => {
    cable.cut();
    const { text } = await until('not ready', async () => {
      const answer = await get('/readyz');
      return answer.status === 503 && answer;
    });
    cable.mend();
    for (const secret of ['postgres', 'xoxb-test', 'signing-secret-of-the-tests'])
      expect(text).not.toContain(secret);
  });
});
