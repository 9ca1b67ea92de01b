// The emergency brake, as the endpoint's callers meet it.
import { projectsOf, statusOf } from '../support/aftermath.ts';
import { sharedCaller } from '../support/caller.ts';
import { holdTrigger } from '../support/holds.ts';
import { until, untilBlocked } from '../support/until.ts';
import type { Execution } from '../support/world.ts';

const { world, execute } = sharedCaller();

describe('the emergency brake', () => {
  const brake = (on: boolean) => world.sql(`update retry_batch.brake set is_on = $1`, [on]);
  afterEach(() => brake(false));

  it('refuses to execute, changes nothing, and is in the audit trail', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    await brake(true);
    const answered = await execute(ramp);
    expect(answered.status).toBe(503);
    expect(answered.body).toMatchObject({ error: 'unavailable', message: expect.stringContaining('brake') });
    expect(await statusOf(world, execution)).toBe('ERROR');
    expect(await projectsOf(world, ramp)).toEqual([]);
    const [refused] = await world.sql(
      `select action, evidence ->> 'because' as because from retry_batch.events order by id desc limit 1`,
    );
    expect(refused).toEqual({ action: 'refused', because: 'brake_on' });
  });

  it('pulled in the middle lets the replay in hand finish and starts no other', async () => {
    const ramp = await world.ramp();
    const executions: Execution[] = [];
    for (let n = 0; n < 8; n += 1)
      executions.push(await world.execution({ ramp, createdAt: `2026-05-11T12:31:0${n}Z` }));
    const firstFour = executions.slice(0, 4);
    const holds = await Promise.all(firstFour.map((execution) => holdTrigger(world, execution)));
    const calling = execute(ramp);
    await untilBlocked(world, 4);
    await brake(true);
    for (const hold of holds) await hold.release();
    const { status, body } = await calling;
    expect(status).toBe(200);
    expect(body.results).toMatchObject(
      firstFour.map(({ uuid }) => ({ execution_uuid: uuid, outcome: 'success' })),
    );
    expect(body.summary).toMatchObject({ eligible: 8, success: 4, remaining: 4 });
    await until('four projects', async () => (await projectsOf(world, ramp)).length === 4);
  });

  it('does not stand in the way of a dry run', async () => {
    const ramp = await world.ramp();
    await world.execution({ ramp });
    await brake(true);
    expect(await execute(ramp, { dry_run: true })).toMatchObject({ status: 200, body: { matched: 1 } });
  });
});
