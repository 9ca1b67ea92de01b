// The runbook's endpoint as its callers see it, on a real server and a real database.
import { type Answered, call, type RunningApp, startApp } from '../support/app.ts';
import { createWorld, type World } from '../support/world.ts';

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };

let world: World;
let app: RunningApp;
let cookie: string;

beforeAll(async () => {
  world = await createWorld();
  app = await startApp(world);
  cookie = await world.session((await world.user({ email: 'oncall@onramp.test' })).id);
});

afterAll(async () => {
  await app.stop();
  await world.close();
});

function summary(answered: Answered) {
  return answered.body.summary as Record<string, number>;
}

describe('the endpoint', () => {
  it('previews what would be replayed and changes nothing', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const answered = await call(app, cookie, { ...WINDOW, ramp_uuids: [ramp.uuid] });
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject({
      dry_run: true,
      window: WINDOW,
      matched: 1,
      eligible: [{ execution_uuid: execution.uuid, workflow_version: 1, workflow_version_drift: false }],
      results: [],
      summary: { matched: 1, eligible: 1, skipped: 0, success: 0, error: 0, remaining: 0 },
    });
    expect(await world.sql(`select from or_projects where execution_id = $1`, [execution.id])).toHaveLength(
      0,
    );
  });

  it('replays at most 25 rows a call and picks up the remainder with the next', async () => {
    const ramp = await world.ramp();
    for (let n = 0; n < 60; n += 1) await world.execution({ ramp });
    const request = { ...WINDOW, ramp_uuids: [ramp.uuid], dry_run: false, suppress_notifications: true };
    const remaining: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const answered = await call(app, cookie, request);
      expect(answered.status).toBe(200);
      remaining.push(summary(answered).remaining as number);
    }
    expect(remaining).toEqual([35, 10, 0]);
    const [projects] = await world.sql<{ n: number; executions: number }>(
      `select count(*) as n, count(distinct execution_id) as executions from or_projects where ramp_id = $1`,
      [ramp.id],
    );
    expect(projects).toEqual({ n: 60, executions: 60 });
  });
});
