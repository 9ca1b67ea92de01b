// The application that already has the runbook's endpoint: its rules, as the runbook has them.
import { randomUUID } from 'node:crypto';
import { applicationOf, call } from '../../endpoint/application.ts';
import { shared } from '../../support/shared.ts';
import { createWorld } from '../../support/world.ts';

const world = shared(createWorld);
const application = shared(() => applicationOf(world, { results: 'results', cap: 3 }));

const run = async (body: object) => (await call(application, { dry_run: false, ...body })).json;

const stateOf = (id: number) =>
  world.one<{ status: string; projects: number; tasks: number; history: unknown[]; error: string | null }>(
    `select e.status_code as status, e.logs -> -1 ->> 'error_type' as error,
       (select count(*)::int from or_projects p where p.execution_id = e.id) as projects,
       (select count(*)::int from or_project_tasks t join or_projects p on p.id = t.project_id
        where p.execution_id = e.id) as tasks,
       (select coalesce(jsonb_agg(jsonb_build_array(h.action, h.actor, h.details - 'project_id')), '[]')
        from or_workflow_history h where h.execution_id = e.id) as history
     from or_ramp_executions e where e.id = $1`,
    [id],
  );

const REPLAYED = 'WORKFLOW_HISTORY_ACTION_REPLAYED';

it('lets in who knows key and secret, and nobody else', async () => {
  const body = { execution_uuids: [randomUUID()] };
  const right = { authorization: application.apiKey, 'or-internal-api-auth-secret': application.apiSecret };
  const of = async (headers: Record<string, string>) => (await call(application, body, headers)).status;
  expect(await of(right)).toBe(200);
  expect(await of({ ...right, 'or-internal-api-auth-secret': 'another' })).toBe(401);
  expect(await of({ ...right, authorization: 'another' })).toBe(401);
  expect(await of({ cookie: 'session=x' })).toBe(401);
});

it('names everything that is wrong with a request', async () => {
  const wrong = { suppress_notification: true, dry_run: 'false', since: 'yesterday', execution_uuids: ['x'] };
  const { status, json } = await call(application, wrong);
  expect(status).toBe(400);
  expect(json.error).toBe('invalid_request');
  const paths = (json.issues as { path: string }[]).map(({ path }) => path);
  expect(paths.sort()).toEqual(['dry_run', 'execution_uuids.0', 'since', 'suppress_notification']);
  expect((await call(application, {})).json.issues).toEqual([
    { path: 'since', message: expect.stringContaining('required') },
  ]);
});

it('changes nothing in a dry run, which is the default', async () => {
  const one = await world.execution({ ramp: await world.ramp() });
  const { json } = await call(application, { execution_uuids: [one.uuid] });
  expect(json).toMatchObject({ dry_run: true, matched: 1, eligible: [{ execution_uuid: one.uuid }] });
  expect(await stateOf(one.id)).toMatchObject({ status: 'ERROR', projects: 0, history: [] });
});

it('replays: account, project, tasks, SUCCESS and one entry of the history by its key', async () => {
  const ramp = await world.ramp();
  const account = { account: { id: 'acct-1', name: 'Acme' } };
  const first = await world.execution({ ramp, payload: account });
  const second = await world.execution({ ramp, payload: account, logs: 'of an older program' });
  const answer = await run({ execution_uuids: [first.uuid, second.uuid], suppress_notifications: true });
  expect(answer.summary).toEqual({ matched: 2, eligible: 2, skipped: 0, success: 2, error: 0, remaining: 0 });
  for (const { id } of [first, second]) {
    expect(await stateOf(id)).toMatchObject({
      ...{ status: 'SUCCESS', projects: 1, tasks: 2 },
      history: [[REPLAYED, application.apiKey, { outcome: 'succeeded' }]],
    });
  }
  const accounts = await world.sql('select from or_accounts where vendor_id = $1', [ramp.vendorId]);
  expect(accounts).toHaveLength(1);
});

it('leaves a failure in ERROR, told in log, history and answer, and goes on with the next', async () => {
  const bad = await world.execution({ ramp: await world.revokedRamp(), createdAt: '2026-05-11T12:30:00Z' });
  const good = await world.execution({ ramp: await world.ramp() });
  const answer = await run({ execution_uuids: [bad.uuid, good.uuid], suppress_notifications: true });
  expect(answer.summary).toMatchObject({ success: 1, error: 1 });
  expect(answer.results).toMatchObject([
    { execution_uuid: bad.uuid, outcome: 'error', error_type: 'IntegrationAuthError' },
    { execution_uuid: good.uuid, outcome: 'success', project_uuid: expect.any(String) },
  ]);
  const error = { class: 'IntegrationAuthError', message: 'the CRM refuses the token' };
  expect(await stateOf(bad.id)).toMatchObject({
    ...{ status: 'ERROR', projects: 0, error: 'IntegrationAuthError' },
    history: [[REPLAYED, application.apiKey, { outcome: 'failed', error }]],
  });
  expect((await stateOf(good.id)).status).toBe('SUCCESS');
});

it("skips for the runbook's reasons", async () => {
  const vendorId = await world.vendor();
  const off = await world.integration(vendorId, { configured: false });
  const ramp = await world.ramp({ vendorId });
  const has = await world.execution({ ramp });
  await world.project(has);
  const early = await world.execution({ ramp, triggerKey: 'twice' });
  await world.execution({ ramp, triggerKey: 'twice', status: 'SUCCESS', createdAt: '2026-05-11T13:00:00Z' });
  const config = await world.execution({ ramp, errorType: 'WorkflowConfigError' });
  const rows = {
    project_already_exists: has,
    ramp_archived: await world.execution({ ramp: await world.ramp({ archived: true }) }),
    ramp_deleted: await world.execution({ ramp: await world.ramp({ deleted: true }) }),
    workflow_is_draft: await world.execution({ ramp: await world.ramp({ status: 'draft' }) }),
    status_not_error: await world.execution({ ramp, status: 'RUNNING' }),
    error_pattern_mismatch: await world.execution({ ramp, errorMessage: 'another' }),
    duplicate_trigger_succeeded: early,
    config_error: config,
    integration_disconnected: await world.execution({
      ramp: await world.ramp({ vendorId, integrationId: off }),
    }),
  };
  const execution_uuids = Object.values(rows).map(({ uuid }) => uuid);
  const answer = await run({ execution_uuids, error_pattern: 'new_task' });
  const skipped = answer.skipped as { execution_uuid: string; reason: string }[];
  const reasons = new Map(skipped.map((one) => [one.execution_uuid, one.reason]));
  expect(
    Object.fromEntries(Object.entries(rows).map(([reason, { uuid }]) => [reason, reasons.get(uuid)])),
  ).toEqual(Object.fromEntries(Object.keys(rows).map((reason) => [reason, reason])));
  const forced = await run({
    execution_uuids: [config.uuid],
    force_retry: true,
    suppress_notifications: true,
  });
  expect(forced.summary).toMatchObject({ success: 1 });
});

it('finds a half-open window and takes no more than its cap, so that the next call has the rest', async () => {
  const ramp = await world.ramp();
  const at = (time: string) => world.execution({ ramp, createdAt: `2026-03-01T${time}Z` });
  for (const time of ['10:00:00', '10:30:00', '10:59:59.999999', '10:45:00', '09:59:59', '11:00:00'])
    await at(time);
  const body = {
    ...{ since: '2026-03-01T11:00:00+01:00', until: '2026-03-01T11:00:00Z' },
    ...{ vendor_ids: [ramp.vendorId], ramp_uuids: [ramp.uuid], suppress_notifications: true },
  };
  expect((await run(body)).summary).toMatchObject({ matched: 4, success: 3, remaining: 1 });
  expect((await run(body)).summary).toMatchObject({ matched: 1, success: 1, remaining: 0 });
  expect((await run(body)).summary).toMatchObject({ matched: 0 });
});

it('lets a row go whose lock somebody else has, and names it nowhere', async () => {
  const ramp = await world.ramp();
  const [held, free] = [await world.execution({ ramp }), await world.execution({ ramp })];
  const other = await world.connect();
  await other.query('begin');
  await other.query('select from or_ramp_executions where id = $1 for update', [held.id]);
  const answer = await run({ execution_uuids: [held.uuid, free.uuid], suppress_notifications: true });
  await other.end();
  expect(JSON.stringify([answer.eligible, answer.skipped, answer.results])).not.toContain(held.uuid);
  expect(answer.summary).toMatchObject({ matched: 2, success: 1, error: 0 });
  expect((await stateOf(held.id)).status).toBe('ERROR');
});

it("knows OnRamp's tables and none of the bot's", async () => {
  const [found] = await world.sql(
    `select has_schema_privilege(usename, 'retry_batch', 'usage') as bots,
       has_table_privilege(usename, 'or_ramp_executions', 'update') as onramps
     from pg_stat_activity join pg_user using (usename)
     where datname = current_database() and application_name = 'application' limit 1`,
  );
  expect(found).toEqual({ bots: false, onramps: true });
});
