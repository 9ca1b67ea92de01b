// What a load balancer and an orchestrator ask.
import { type RunningApp, startApp } from '../support/app.ts';
import { type DatabaseProxy, openProxy } from '../support/database-proxy.ts';
import { send } from '../support/http.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let cable: DatabaseProxy;
let app: RunningApp;

beforeAll(async () => {
  world = await createWorld();
  cable = await openProxy(world.url);
  app = await startApp(world, { DATABASE_URL: cable.url });
});

afterAll(async () => {
  await app.stop();
  await cable.close();
  await world.close();
});

const get = (path: string) => send(app, { method: 'GET', path });

describe('a process that is up', () => {
  it('is alive and ready, and says so to anybody', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect(await get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('is alive but not ready while the database is away, and ready again when it is back', async () => {
    cable.cut();
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toMatchObject({ status: 503, body: { status: 'not_ready' } });
    cable.mend();
    await until(async () => (await get('/readyz')).status === 200);
  });
});
