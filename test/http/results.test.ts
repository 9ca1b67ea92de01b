// What one execute call does and says of each row, and what it leaves alone.
import { projectsOf, statusOf } from '../support/aftermath.ts';
import { call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { addProject, holdRows, holdTrigger } from '../support/holds.ts';
import { untilBlocked } from '../support/until.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, app, execute } = sharedCaller();

const historyOf = (ramp: Ramp) =>
  world.sql<Record<string, unknown>>(
    `select execution_id, action, actor, details from or_workflow_history where ramp_id = $1 order by id`,
    [ramp.id],
  );

describe('an execute call', () => {
  it('says of each row that it succeeded, with the project, or failed, with the new error', async () => {
    const ramp = await world.ramp();
    const good = await world.execution({ ramp, createdAt: '2026-05-11T12:31:00Z' });
    const poor = await world.execution({
      ramp,
      createdAt: '2026-05-11T12:32:00Z',
      payload: { account: { id: 'a' } },
    });
    const answered = await execute(ramp);
    const [project] = await projectsOf(world, ramp);
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject({
      dry_run: false,
      matched: 2,
      eligible: [{ execution_uuid: good.uuid }, { execution_uuid: poor.uuid }],
      summary: { matched: 2, eligible: 2, skipped: 0, success: 1, error: 1, remaining: 0 },
    });
    expect(answered.body.results).toStrictEqual([
      { execution_uuid: good.uuid, outcome: 'success', project_uuid: project?.uuid },
      {
        execution_uuid: poor.uuid,
        outcome: 'error',
        error_type: 'MissingTriggerFieldError',
        error_message: 'trigger field account.name is missing',
      },
    ]);
    expect(project?.execution_id).toBe(good.id);
    expect([await statusOf(world, good), await statusOf(world, poor)]).toEqual(['SUCCESS', 'ERROR']);
  });

  it('shows a row that is skipped at its turn in the results alone', async () => {
    const ramp = await world.ramp();
    const [first, second] = [
      await world.execution({ ramp, createdAt: '2026-05-11T12:31:00Z' }),
      await world.execution({ ramp, createdAt: '2026-05-11T12:32:00Z' }),
    ];
    const draft = await world.ramp({ status: 'draft' });
    const skipped = await world.execution({ ramp: draft });
    const hold = await holdTrigger(world, second);
    const calling = execute(ramp, { ramp_uuids: [ramp.uuid, draft.uuid] });
    await untilBlocked(world);
    await addProject(hold, second);
    await hold.release();
    const { body } = await calling;
    expect(body.results).toStrictEqual([
      { execution_uuid: first.uuid, outcome: 'success', project_uuid: expect.any(String) },
      { execution_uuid: second.uuid, outcome: 'skipped', reason: 'project_already_exists' },
    ]);
    expect(body.skipped).toMatchObject([{ execution_uuid: skipped.uuid, reason: 'workflow_is_draft' }]);
    expect(body).toMatchObject({
      skipped_by_reason: { workflow_is_draft: 1 },
      summary: { matched: 3, eligible: 2, skipped: 1, success: 1, error: 0, remaining: 0 },
    });
    expect(await historyOf(ramp)).toHaveLength(1);
  });

  it('counts and shows as `locked` what another transaction holds, and gets it with the next call', async () => {
    const ramp = await world.ramp();
    const [held, free] = [
      await world.execution({ ramp, createdAt: '2026-05-11T12:31:00Z' }),
      await world.execution({ ramp, createdAt: '2026-05-11T12:32:00Z' }),
    ];
    const hold = await holdRows(world, [held]);
    const { body } = await execute(ramp);
    expect(body.results).toStrictEqual([
      { execution_uuid: held.uuid, outcome: 'skipped', reason: 'locked' },
      { execution_uuid: free.uuid, outcome: 'success', project_uuid: expect.any(String) },
    ]);
    expect(body.summary).toMatchObject({ eligible: 2, success: 1, error: 0, remaining: 0 });
    await hold.release();
    expect((await execute(ramp)).body.results).toMatchObject([
      { execution_uuid: held.uuid, outcome: 'success' },
    ]);
  });

  it('leaves a batch with its trail under batch_id, and one history entry for each replay', async () => {
    const ramp = await world.ramp();
    const good = await world.execution({ ramp });
    const poor = await world.execution({ ramp, payload: {} });
    const { body } = await execute(ramp);
    const trail = await world.sql<{ action: string }>(
      `select action from retry_batch.events where batch_id = $1 order by id`,
      [body.batch_id],
    );
    expect(trail.map((event) => event.action)).toEqual([
      'asked',
      'planned',
      'replayed',
      'replayed',
      'finished',
    ]);
    const [batch] = await world.sql(`select door, status from retry_batch.batches where id = $1`, [
      body.batch_id,
    ]);
    expect(batch).toEqual({ door: 'http', status: 'finished' });
    const [project] = await projectsOf(world, ramp);
    const entry = (execution: Execution, details: object) => ({
      execution_id: execution.id,
      action: 'WORKFLOW_HISTORY_ACTION_REPLAYED',
      actor: 'oncall@onramp.test',
      details: { batch_id: body.batch_id, error_type: null, project_uuid: null, ...details },
    });
    const history = await historyOf(ramp);
    expect(history).toHaveLength(2);
    expect(history).toContainEqual(entry(good, { outcome: 'success', project_uuid: project?.uuid }));
    expect(history).toContainEqual(
      entry(poor, { outcome: 'error', error_type: 'MissingRelatedAccountError' }),
    );
  });

  it('with an API key stands in the history under the key’s name', async () => {
    const ramp = await world.ramp();
    await world.execution({ ramp });
    const key = await world.apiKey({ name: 'nightly' });
    await call(app, key, {
      ...WINDOW,
      ramp_uuids: [ramp.uuid],
      dry_run: false,
      suppress_notifications: true,
    });
    expect(await historyOf(ramp)).toMatchObject([{ actor: 'api-key:nightly' }]);
  });

  it('that finds nothing to do says so', async () => {
    const ramp = await world.ramp();
    const answered = await execute(ramp);
    expect(answered).toMatchObject({ status: 200, body: { matched: 0, eligible: [], results: [] } });
    expect(answered.body.summary).toEqual({
      matched: 0,
      eligible: 0,
      skipped: 0,
      success: 0,
      error: 0,
      remaining: 0,
    });
  });
});

describe('a backlog worked off 25 at a time', () => {
  it('comes to its end although the oldest rows keep failing', async () => {
    const poisoned = await world.revokedRamp();
    const ramp = await world.ramp();
    for (let n = 10; n < 40; n += 1)
      await world.execution({ ramp: poisoned, createdAt: `2026-05-11T12:31:${n}Z` });
    for (let n = 10; n < 40; n += 1) await world.execution({ ramp, createdAt: `2026-05-11T12:32:${n}Z` });
    const summaries = [];
    for (let n = 0; n < 4; n += 1)
      summaries.push((await execute(ramp, { ramp_uuids: [poisoned.uuid, ramp.uuid] })).body.summary);
    expect(summaries).toMatchObject([
      { eligible: 60, success: 0, error: 25, remaining: 35 },
      { eligible: 60, success: 20, error: 5, remaining: 35 },
      { eligible: 40, success: 10, error: 15, remaining: 15 },
      { eligible: 30, success: 0, error: 25, remaining: 5 },
    ]);
    const triedOften = `select tried, count(*) as executions from (
        select count(*) as tried from or_workflow_history where ramp_id = $1 group by execution_id) as each
      group by tried order by tried`;
    expect(await world.sql(triedOften, [poisoned.id])).toEqual([
      { tried: 2, executions: 20 },
      { tried: 3, executions: 10 },
    ]);
    expect(await projectsOf(world, ramp)).toHaveLength(30);
  });
});
