// Times that are none in a calendar of four-digit years: Postgres has them, and another program may have written them.
import { call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { runScript } from '../support/script.ts';

const { world, app, admin } = sharedCaller();

const SHOWN: readonly (readonly [written: string, shown: string])[] = [
  ['infinity', 'infinity'],
  ['-infinity', '-infinity'],
  ['0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
  ['12026-05-11 12:31:00+00', '12026-05-11T12:31:00Z'],
  ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00Z'],
];

it.each(SHOWN)('an execution created at %s is planned, shown and replayed', async (written, shown) => {
  const execution = await world.execution({ ramp: await world.ramp(), createdAt: written });
  const draft = await world.execution({ ramp: await world.ramp({ status: 'draft' }), createdAt: written });
  const ask = { execution_uuids: [execution.uuid, draft.uuid] };
  const planned = await call(app, admin, ask);
  expect(planned).toMatchObject({
    status: 200,
    body: {
      eligible: [{ execution_uuid: execution.uuid, created_at: shown }],
      skipped: [{ execution_uuid: draft.uuid, created_at: shown }],
    },
  });
  const done = await call(app, admin, { ...ask, dry_run: false, suppress_notifications: true });
  expect(done.body.results).toMatchObject([{ execution_uuid: execution.uuid, outcome: 'success' }]);
  const exported = await runScript('batches', ['export', String(done.body.batch_id)], {
    DATABASE_URL: world.url,
  });
  expect(exported).toMatchObject({ code: 0, out: expect.stringContaining(shown) });
});

it('a window does not match them, and does not come to grief on them', async () => {
  const ramp = await world.ramp();
  for (const [written] of SHOWN) await world.execution({ ramp, createdAt: written });
  const answered = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid] });
  expect(answered).toMatchObject({ status: 200, body: { matched: 0 } });
  const { until: _, ...open } = WINDOW;
  expect(await call(app, admin, { ...open, ramp_uuids: [ramp.uuid] })).toMatchObject({
    body: { matched: 0 },
  });
});

it('as a request’s own time it is a mistake', async () => {
  const answered = await call(app, admin, { since: 'infinity', until: '-infinity' });
  expect(answered).toMatchObject({
    status: 400,
    body: { issues: [{ path: 'since' }, { path: 'until' }] },
  });
});

it('a session that never expires is a session, and a mapping of no day is listed', async () => {
  const user = await world.user();
  const cookie = await world.session(user.id);
  await world.sql(
    `update or_sessions set created_at = '-infinity', expires_at = 'infinity' where user_id = $1`,
    [user.id],
  );
  expect(await call(app, cookie, WINDOW)).toMatchObject({ status: 200 });
  await world.mapping('T0ONRAMP', 'U0FOREVER', user.id);
  await world.sql(`update retry_batch.slack_identities set mapped_at = '-infinity'`);
  expect(await runScript('identity', ['list'], { DATABASE_URL: world.url })).toMatchObject({
    code: 0,
    out: expect.stringContaining('  -infinity  '),
  });
});

it('a sibling that finishes at infinity, and a history entry of then, are what they say', async () => {
  const ramp = await world.ramp();
  const [first, second] = [
    await world.execution({ ramp }),
    await world.execution({ ramp, createdAt: '2026-05-11T12:32:00Z' }),
  ];
  await world.sql(
    `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, created_at)
     values ($1, $2, $3, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'somebody', 'infinity')`,
    [first.id, ramp.id, ramp.vendorId],
  );
  const answered = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid] });
  expect(answered.body.eligible).toMatchObject([
    { execution_uuid: second.uuid },
    { execution_uuid: first.uuid },
  ]);
});
