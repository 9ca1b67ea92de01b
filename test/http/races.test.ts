// Two calls, or a call and another program, at the same rows at the same moment. However it falls out: at most
// one project per execution and per trigger, and one history entry per replay.
import { type Answered, call, type RunningApp, startApp } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { addProject, hold, holdTrigger } from '../support/holds.ts';
import { planOnly } from '../support/planned-call.ts';
import { shared } from '../support/shared.ts';
import { untilBlocked } from '../support/until.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, app, admin } = sharedCaller();
/** Another process, as two operators' calls reach them. */
const other = shared(() => startApp(world));
/** One replay at a time. */
const narrow = shared(() => startApp(world, { REPLAY_CONCURRENCY: '1' }));

const execute = (to: RunningApp, request: object): Promise<Answered> =>
  call(to, admin, { dry_run: false, suppress_notifications: true, ...request });
const executeAll = (to: RunningApp, ramp: Ramp) => execute(to, { ...WINDOW, ramp_uuids: [ramp.uuid] });
const replay = (to: RunningApp, execution: Execution) => execute(to, { execution_uuids: [execution.uuid] });
const resultsOf = (answered: Answered) =>
  answered.body.results as { execution_uuid: string; outcome: string; reason?: string }[];

afterEach(async () => {
  const twice = await world.one(
    `select
       (select count(*) from (select from or_projects group by execution_id having count(*) > 1) t) as executions,
       (select count(*) from (select from or_projects p join or_ramp_executions e on e.id = p.execution_id
          group by e.ramp_id, e.trigger_key having count(*) > 1) t) as triggers,
       (select count(*) from (select from or_object_entity_ids where archived_at is null
          group by vendor_id, entity_type, external_id having count(*) > 1) t) as accounts,
       -- Every success in some batch has its one history entry, and the other way round.
       (select count(*) from retry_batch.plan_rows where outcome in ('success', 'error'))
         - (select count(*) from or_workflow_history) as history`,
  );
  expect(twice).toEqual({ executions: 0, triggers: 0, accounts: 0, history: 0 });
});

/** A replay that has claimed its execution and waits for the trigger, which `held` has. */
async function claimed(execution: Execution) {
  const held = await holdTrigger(world, execution);
  const calling = replay(app, execution);
  await untilBlocked(world);
  return { held, calling };
}

describe('two calls over the same rows', () => {
  it('share the work: each row is replayed by one of them', async () => {
    const ramp = await world.ramp();
    for (let n = 0; n < 25; n += 1) await world.execution({ ramp });
    const answers = await Promise.all([
      executeAll(app, ramp),
      executeAll(other, ramp),
      executeAll(app, ramp),
      executeAll(other, ramp),
    ]);
    const results = answers.flatMap(resultsOf);
    const succeeded = results.filter((result) => result.outcome === 'success');
    expect(new Set(succeeded.map((result) => result.execution_uuid)).size).toBe(25);
    expect(succeeded).toHaveLength(25);
    const others = new Set(
      results.filter((result) => result.outcome !== 'success').map(({ reason }) => reason),
    );
    for (const reason of others) expect(['locked', 'status_not_error']).toContain(reason);
    expect(answers.map((answered) => answered.status)).toEqual([200, 200, 200, 200]);
  });

  it('where one holds the row: the other says `locked` at once', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const { held, calling: first } = await claimed(execution);
    const second = await replay(other, execution);
    await held.release();
    expect(resultsOf(second)).toMatchObject([{ outcome: 'skipped', reason: 'locked' }]);
    expect(resultsOf(await first)).toMatchObject([{ outcome: 'success' }]);
  });

  it('where the second was planned before the first began: it says `status_not_error`', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const planned = await planOnly(world, narrow, admin, ramp, WINDOW);
    expect(resultsOf(await replay(other, execution))).toMatchObject([{ outcome: 'success' }]);
    expect(resultsOf(await planned.goOn())).toEqual([
      { execution_uuid: execution.uuid, outcome: 'skipped', reason: 'status_not_error' },
    ]);
  });
});

describe('a project that another program makes between the claim and the judgement', () => {
  it('is seen: the row is skipped as `project_already_exists`', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const { held, calling } = await claimed(execution);
    await addProject(held, execution);
    await held.release();
    expect(resultsOf(await calling)).toEqual([
      { execution_uuid: execution.uuid, outcome: 'skipped', reason: 'project_already_exists' },
    ]);
  });

  it('is seen on a row of the same trigger too: `duplicate_trigger_succeeded`', async () => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp, triggerKey: 'crm:1' });
    const sibling = await world.execution({ ramp, triggerKey: 'crm:1', createdAt: '2026-05-11T12:00:00Z' });
    const { held, calling } = await claimed(execution);
    await addProject(held, sibling);
    await held.release();
    expect(resultsOf(await calling)).toMatchObject([
      { outcome: 'skipped', reason: 'duplicate_trigger_succeeded' },
    ]);
  });
});

describe('what else changes between the plan and a row’s turn', () => {
  const changes: [string, string][] = [
    ['status_not_error', `update or_ramp_executions set status_code = 'SUCCESS' where id = $1`],
    [
      'outside_time_window',
      `update or_ramp_executions set created_at = '2026-05-11T13:30:00Z' where id = $1`,
    ],
    [
      'ramp_deleted',
      `update or_ramps set deleted_at = now() where id = (select ramp_id from or_ramp_executions where id = $1)`,
    ],
    [
      'ramp_archived',
      `update or_ramps set archived_at = now() where id = (select ramp_id from or_ramp_executions where id = $1)`,
    ],
    [
      'workflow_is_draft',
      `update or_ramps set status = 'draft' where id = (select ramp_id from or_ramp_executions where id = $1)`,
    ],
    ['error_pattern_mismatch', `update or_ramp_executions set logs = '[]' where id = $1`],
    [
      'config_error',
      `update or_ramp_executions set logs = jsonb_set(logs, '{0,error_type}', '"WorkflowConfigError"') where id = $1`,
    ],
  ];
  it.each(changes)('is seen under the lock: %s', async (reason, change) => {
    const ramp = await world.ramp();
    const execution = await world.execution({ ramp });
    const planned = await planOnly(world, narrow, admin, ramp, { ...WINDOW, error_pattern: 'new_task' });
    await world.sql(change, [execution.id]);
    expect(resultsOf(await planned.goOn())).toEqual([
      { execution_uuid: execution.uuid, outcome: 'skipped', reason },
    ]);
    expect(await world.sql(`select from or_projects where ramp_id = $1`, [ramp.id])).toEqual([]);
  });
});

describe('two rows of one trigger', () => {
  it('replayed by two calls at once make one project', async () => {
    const ramp = await world.ramp();
    const [older, newer] = [
      await world.execution({ ramp, triggerKey: 'crm:2', createdAt: '2026-05-11T12:31:00Z' }),
      await world.execution({ ramp, triggerKey: 'crm:2', createdAt: '2026-05-11T12:32:00Z' }),
    ];
    const held = await holdTrigger(world, older);
    const calls = [replay(app, older), replay(other, newer)];
    // Both have claimed their row and wait for the trigger.
    await untilBlocked(world, 2);
    await held.release();
    const results = (await Promise.all(calls)).flatMap(resultsOf);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['skipped', 'success']);
    expect(results.find(({ outcome }) => outcome === 'skipped')?.reason).toBe('duplicate_trigger_succeeded');
  });
});

describe('two rows with one new external account id', () => {
  it('replayed by two calls at once make two projects of one account', async () => {
    const ramp = await world.ramp();
    const payload = { account: { id: 'shared-account', name: 'Shared' } };
    const rows = [await world.execution({ ramp, payload }), await world.execution({ ramp, payload })];
    // Both have looked the id up in vain and are about to link it, when a third one lets go of the same link.
    const held = await hold(
      world,
      `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
       values ($1, 'account', 'shared-account', 0, now())`,
      [ramp.vendorId],
    );
    const calls = [replay(app, rows[0] as Execution), replay(other, rows[1] as Execution)];
    await untilBlocked(world, 2);
    await held.undo();
    expect((await Promise.all(calls)).flatMap(resultsOf)).toMatchObject([
      { outcome: 'success' },
      { outcome: 'success' },
    ]);
    const accounts = await world.sql(
      `select count(*) as projects from or_projects where ramp_id = $1 group by account_id`,
      [ramp.id],
    );
    expect(accounts).toEqual([{ projects: 2 }]);
    expect(await world.sql(`select from or_accounts where name = 'Shared'`)).toHaveLength(1);
  });
});
