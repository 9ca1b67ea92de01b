// One execution replayed, from the claim to the history: what is created and what is written down.
import type { Actor } from '../../src/domain/person.ts';
import { aftermathOf } from '../support/aftermath.ts';
import { openEngine, sharedEngine } from '../support/engine.ts';
import { DEFINITION } from '../support/world.ts';

const { world, engine } = sharedEngine();

const OLD_LOG = {
  at: '2026-05-11T12:31:00Z',
  level: 'error',
  message: 'step failed',
  error_type: 'KeyError',
};

describe('a replay that succeeds', () => {
  it('makes the project with its tasks in their order, linked to the execution', async () => {
    const definition = { ...DEFINITION, project: { name: '{{account.name}}!', tasks: ['c', 'a', 'b', 'a'] } };
    const ramp = await world.ramp({ definition });
    const execution = await world.execution({ ramp, payload: { account: { id: 7, name: 'Globex' } } });
    const row = await engine.replay(execution);
    expect(row).toMatchObject({ outcome: 'success', errorType: null });
    const { projects, links } = await aftermathOf(world, execution);
    expect(projects).toMatchObject([
      { uuid: row.projectUuid, name: 'Globex!', vendorId: ramp.vendorId, tasks: ['c', 'a', 'b', 'a'] },
    ]);
    expect(links).toMatchObject([{ externalId: '7' }]);
    const positions = await world.sql<{ position: number }>(
      `select position from or_project_tasks where project_id = (
         select id from or_projects where execution_id = $1) order by id`,
      [execution.id],
    );
    expect(positions.map((one) => one.position)).toEqual([1, 2, 3, 4]);
  });

  it('may make a project without tasks', async () => {
    const ramp = await world.ramp({ definition: { ...DEFINITION, project: { name: 'x', tasks: [] } } });
    const execution = await world.execution({ ramp });
    await engine.replay(execution);
    expect((await aftermathOf(world, execution)).projects).toMatchObject([{ name: 'x', tasks: [] }]);
  });

  it('moves the execution to SUCCESS, finished and updated now, with one more log entry', async () => {
    const execution = await world.execution({ ramp: await world.ramp(), logs: [OLD_LOG] });
    const { batchId } = await engine.replay(execution);
    const after = await aftermathOf(world, execution);
    expect(after).toMatchObject({ status: 'SUCCESS', finishedNow: true, updatedNow: true });
    expect(after.logs).toEqual([
      OLD_LOG,
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        level: 'info',
        message: `replay of batch ${batchId.slice(0, 8)} succeeded`,
      },
    ]);
  });

  it("runs the execution's own version, though another is current", async () => {
    const ramp = await world.ramp({ version: 2 });
    const own = { ...DEFINITION, project: { name: 'version one', tasks: [] } };
    await world.sql(
      `insert into or_ramp_versions (ramp_id, version, definition, created_at) values ($1, 1, $2, now())`,
      [ramp.id, JSON.stringify(own)],
    );
    const execution = await world.execution({ ramp, version: 1 });
    await engine.replay(execution);
    expect((await aftermathOf(world, execution)).projects).toMatchObject([{ name: 'version one' }]);
  });

  it('keeps every digit of a number on its way through the database', async () => {
    const id = '123456789012345678901234567890';
    const execution = await world.execution({ ramp: await world.ramp() });
    await world.sql(`update or_ramp_executions set trigger_payload = $2 where id = $1`, [
      execution.id,
      `{"account": {"id": ${id}, "name": 9007199254740993}}`,
    ]);
    await engine.replay(execution);
    const { links, accounts } = await aftermathOf(world, execution);
    expect([links[0]?.externalId, accounts[0]?.name]).toEqual([id, '9007199254740993']);
  });

  it.each([
    ['an object', { error_message: 'x' }],
    ['a text', 'it failed'],
    ['a number', 7],
    ['null', null],
  ])('keeps logs that are %s as the first entry', async (_, logs) => {
    const execution = await world.execution({ ramp: await world.ramp(), logs });
    await engine.replay(execution);
    expect((await aftermathOf(world, execution)).logs).toEqual([
      logs,
      expect.objectContaining({ level: 'info' }),
    ]);
  });

  it('leaves a project behind that a later dry run finds', async () => {
    const execution = await world.execution({ ramp: await world.ramp() });
    await engine.replay(execution);
    await world.sql(`update or_ramp_executions set status_code = 'ERROR' where id = $1`, [execution.id]);
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
    expect(await engine.only(batch)).toMatchObject({ reason: 'project_already_exists' });
  });
});

describe('the history of a replay', () => {
  const actors: [string, Actor, string][] = [
    [
      'a session',
      { kind: 'session', user: { id: 1, email: 'ann@onramp.test' }, from: 'x' },
      'ann@onramp.test',
    ],
    ['an API key', { kind: 'api_key', name: 'automation', from: 'x' }, 'api-key:automation'],
    [
      'an approver in Slack',
      { kind: 'slack', teamId: 'T1', userId: 'U1', user: { id: 1, email: 'bob@onramp.test' } },
      'bob@onramp.test',
    ],
  ];

  it.each(actors)('names %s', async (_, actor, name) => {
    const other = openEngine(world, { actor });
    const execution = await world.execution({ ramp: await world.ramp() });
    await other.replay(execution);
    await other.close();
    expect((await aftermathOf(world, execution)).history).toMatchObject([{ actor: name }]);
  });

  it('has one entry with the outcome and its evidence for a success', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const { batchId, projectUuid } = await engine.replay(execution);
    expect((await aftermathOf(world, execution)).history).toEqual([
      {
        action: 'WORKFLOW_HISTORY_ACTION_REPLAYED',
        actor: 'oncall@onramp.test',
        rampId: ramp.id,
        vendorId: ramp.vendorId,
        details: { batch_id: batchId, outcome: 'success', error_type: null, project_uuid: projectUuid },
      },
    ]);
  });

  it('has one entry for each replay that failed, and none for a row that was skipped', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp, payload: {} });
    const first = await engine.replay(execution);
    const second = await engine.replay(execution, { force_retry: true });
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid], force_retry: true });
    await world.sql(`update or_ramps set archived_at = now() where id = $1`, [ramp.id]);
    await engine.turn(batch);
    const failed = { outcome: 'error', error_type: 'MissingRelatedAccountError', project_uuid: null };
    expect((await aftermathOf(world, execution)).history.map((entry) => entry.details)).toEqual([
      { batch_id: first.batchId, ...failed },
      { batch_id: second.batchId, ...failed },
    ]);
  });
});
