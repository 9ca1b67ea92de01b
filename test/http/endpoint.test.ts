// The runbook's endpoint as its callers see it, on a real server and a real database.
import { type Answered, call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';

const { world, app, admin } = sharedCaller();

function summary(answered: Answered) {
  return answered.body.summary as Record<string, number>;
}

describe('the endpoint', () => {
  it('previews what would be replayed and changes nothing', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const answered = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid] });
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
      const answered = await call(app, admin, request);
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

  it('says of no process that it still works on a call that is over', async () => {
    const ramp = await world.ramp();
    await world.execution({ ramp });
    const answered = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid], dry_run: false });
    expect(summary(answered).success).toBe(1);
    const batchId = answered.body.batch_id;
    expect(await world.sql('select from retry_batch.batches where id = $1', [batchId])).toHaveLength(1);
    expect(await world.sql('select from retry_batch.run_workers where batch_id = $1', [batchId])).toEqual([]);
  });
});
