// What a call over HTTP stores: the rows that it lists or tries, and the counts of all. The order of the next call does not
// depend on what was stored before.

import { planFor } from '../runs/shift.ts';
import { call } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import { spawnFile } from '../support/process.ts';
import type { Execution, Ramp } from '../support/world.ts';

const HOURS = { since: '2026-05-11T12:00:00Z', until: '2026-05-11T14:00:00Z' };

const { world, app, admin } = sharedCaller();

const ask = (ramp: Ramp, more: object = {}) =>
  call(app, admin, { ...HOURS, ramp_uuids: [ramp.uuid], suppress_notifications: true, ...more });

const execute = (ramp: Ramp) => ask(ramp, { dry_run: false });

/** Eligible and skipped ones of one ramp; with `fails` each replay does. */
async function backlog(eligible: number, skipped = 0, fails = false) {
  const ramp = await world.ramp();
  const made: Execution[] = [];
  for (let n = 0; n < eligible + skipped; n += 1) {
    const createdAt = new Date(Date.parse('2026-05-11T12:31:00Z') + n * 1000).toISOString();
    const errorType = n < eligible ? 'UnboundLocalError' : 'WorkflowConfigError';
    const payload = fails ? { account: { id: '', name: '' } } : undefined;
    made.push(await world.execution({ ramp, createdAt, errorType, ...(payload && { payload }) }));
  }
  return { ramp, made };
}

const stored = async (batchId: unknown) =>
  world.one<{ eligible: number; skipped: number }>(
    `select count(*) filter (where skip_reason is null) as eligible,
       count(*) filter (where skip_reason is not null) as skipped
     from retry_batch.plan_rows where batch_id = $1`,
    [batchId],
  );

const show = async (batchId: unknown) => {
  const command = spawnFile('src/commands/batches.ts', ['show', String(batchId)], {
    DATABASE_URL: world.url,
  });
  await command.exited;
  return command.stdout();
};

it('stores the 25 rows that it tries, however long the backlog is, and counts all of it', async () => {
  const { ramp } = await backlog(60, 3);
  const { body } = await execute(ramp);
  expect(body.summary).toMatchObject({ matched: 63, eligible: 60, skipped: 3, success: 25, remaining: 35 });
  expect(body.blast_radius).toEqual([{ vendor_id: ramp.vendorId, ramp_id: ramp.id, count: 63 }]);
  expect(body.skipped_by_reason).toEqual({ config_error: 3 });
  expect(await stored(body.batch_id)).toEqual({ eligible: 25, skipped: 3 });
});

it('closes with all that was matched, also what it never began', async () => {
  const { ramp } = await backlog(30, 2);
  const { body } = await execute(ramp);
  const told = await show(body.batch_id);
  expect(told).toContain('32 matched = 25 succeeded + 0 failed + 2 skipped + 5 not reached');
  expect(told).toContain('or_projects and or_workflow_history agree with the run');
  expect(told).toContain('Kept: 25 of 30 eligible rows and 2 of 2 skipped ones');
});

it('names the ids that were not there, also where more were than are stored', async () => {
  const { made } = await backlog(27);
  const gone = '00000000-0000-4000-8000-000000000001';
  const { body } = await call(app, admin, { execution_uuids: [gone, ...made.map((one) => one.uuid)] });
  expect(body).toMatchObject({ matched: 27, not_found: [gone] });
});

it('a plan that waits for an approval stores every row', async () => {
  const { ramp } = await backlog(30, 2);
  const batchId = await planFor(app, { ...HOURS, ramp_uuids: [ramp.uuid] }, 'C0INCIDENT');
  expect(await stored(batchId)).toEqual({ eligible: 30, skipped: 2 });
});

it('a row that is locked at its turn goes to the end of the order, although no history says that it was tried', async () => {
  const { ramp, made } = await backlog(26);
  const holder = await world.connect();
  await holder.query('begin');
  await holder.query('select from or_ramp_executions where id = $1 for update', [made[0]?.id]);
  const first = await execute(ramp);
  expect(first.body.results).toContainEqual(
    expect.objectContaining({ execution_uuid: made[0]?.uuid, outcome: 'skipped', reason: 'locked' }),
  );
  await holder.query('rollback');
  await holder.end();
  const { body } = await ask(ramp);
  expect((body.eligible as { execution_uuid: string }[]).map((row) => row.execution_uuid)).toEqual([
    made[25]?.uuid,
    made[0]?.uuid,
  ]);
});

it('a row that the database refuses is answered with why, and comes last in the next call', async () => {
  const { ramp, made } = await backlog(26);
  const refused = made[0];
  if (refused === undefined) throw new Error('there are 26');
  await world.sql(`create function public.refuse() returns trigger language plpgsql as $$
    begin if new.execution_id = ${refused.id} then raise exception 'not this one'; end if; return null; end $$;
    create constraint trigger refused after insert on or_projects
      deferrable initially deferred for each row execute function public.refuse()`);
  const { body } = await execute(ramp);
  await world.sql('drop function public.refuse cascade');
  expect(body.results).toContainEqual({
    execution_uuid: refused.uuid,
    outcome: 'not_reached',
    detail: expect.stringContaining('not this one'),
  });
  expect(body.summary).toMatchObject({ success: 24, error: 0, remaining: 1 });
  const next = await ask(ramp);
  expect((next.body.eligible as { execution_uuid: string }[]).map((row) => row.execution_uuid)).toEqual([
    made[25]?.uuid,
    refused.uuid,
  ]);
});
