// A dry run on a busy database: it takes no row locks, waits for none, and knows when to give up.
import { call, startApp } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { hold, holdRows } from '../support/holds.ts';
import { lockedOfOnramps } from '../support/locks.ts';
import { untilBlocked } from '../support/until.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, app, admin } = sharedCaller();

async function incident(count = 3): Promise<{ ramp: Ramp; executions: Execution[]; request: object }> {
  const ramp = await world.ramp();
  const executions: Execution[] = [];
  for (let n = 0; n < count; n += 1) executions.push(await world.execution({ ramp }));
  return { ramp, executions, request: { ...WINDOW, ramp_uuids: [ramp.uuid], suppress_notifications: true } };
}

describe('a dry run', () => {
  it('sees every row while another transaction holds them all, and calls none of them locked', async () => {
    const { executions, request } = await incident();
    const held = await holdRows(world, executions);
    const { status, body } = await call(app, admin, request);
    await held.release();
    expect(status).toBe(200);
    expect(body).toMatchObject({ matched: 3, skipped: [], summary: { eligible: 3, skipped: 0 } });
  });

  it('holds no row that a replay needs while it is being made', async () => {
    const { executions, request } = await incident();
    // The dry run is stopped at its last statement, with its whole plan written and not committed.
    const held = await hold(world, `lock table retry_batch.events in exclusive mode`);
    const previewing = call(app, admin, request);
    await untilBlocked(world);
    const free = await world.sql(`select from or_ramp_executions where id = any ($1) for update nowait`, [
      executions.map((execution) => execution.id),
    ]);
    expect(free).toHaveLength(3);
    expect(await lockedOfOnramps(world)).toEqual([]);
    await held.release();
    expect((await previewing).status).toBe(200);
  });

  it('changes nothing of OnRamp’s', async () => {
    const { request } = await incident();
    const before = await onrampsRows();
    await call(app, admin, request);
    expect(await onrampsRows()).toEqual(before);
  });

  async function onrampsRows() {
    return world.one(`select (select json_agg(e order by id) from or_ramp_executions e) as executions,
      (select count(*) from or_projects) as projects, (select count(*) from or_accounts) as accounts,
      (select count(*) from or_workflow_history) as history`);
  }
});

describe('a backlog beyond PLAN_MAX_ROWS', () => {
  it('is refused with how to narrow it, at the limit it is not, and nothing of the refused plan stays', async () => {
    const small = await startApp(world, { PLAN_MAX_ROWS: '3' });
    const [within, beyond] = [await incident(3), await incident(4)];
    expect((await call(small, admin, within.request)).status).toBe(200);
    for (const dry_run of [true, false]) {
      const refused = await call(small, admin, { ...beyond.request, dry_run });
      expect(refused.status).toBe(400);
      expect(refused.body).toEqual({
        error: 'invalid_request',
        issues: [
          {
            path: '',
            message:
              'matches more than 3 executions; narrow it with since and until, vendor_ids or ramp_uuids',
          },
        ],
      });
    }
    await small.stop();
    expect(await plannedRowsOf(beyond.ramp)).toEqual([]);
    expect(await world.sql(`select from or_projects where ramp_id = $1`, [beyond.ramp.id])).toEqual([]);
  });
});

describe('a plan that takes longer than PLAN_TIMEOUT_SECONDS', () => {
  it('is refused with how to narrow it, and nothing of it stays', async () => {
    const hasty = await startApp(world, { PLAN_TIMEOUT_SECONDS: '1' });
    const { ramp, request } = await incident();
    const held = await hold(world, `lock table or_ramp_executions in access exclusive mode`);
    const refused = await call(hasty, admin, request);
    await held.release();
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      error: 'invalid_request',
      issues: [{ path: '', message: expect.stringMatching(/longer than 1 s; narrow it/) }],
    });
    expect(await plannedRowsOf(ramp)).toEqual([]);
    expect(await call(hasty, admin, request)).toMatchObject({ status: 200, body: { matched: 3 } });
    await hasty.stop();
  });
});

describe('a plan that waits too long for somebody’s table lock', () => {
  it('is unavailable, and works when the lock is gone', async () => {
    const { request } = await incident();
    const held = await hold(world, `lock table or_ramp_executions in access exclusive mode`);
    const refused = await call(app, admin, request);
    await held.release();
    expect(refused).toMatchObject({
      status: 503,
      body: { error: 'unavailable', message: expect.stringContaining('nothing was changed') },
    });
    expect((await call(app, admin, request)).status).toBe(200);
  });
});

async function plannedRowsOf(ramp: Ramp) {
  return world.sql(`select from retry_batch.plan_rows where ramp_id = $1`, [ramp.id]);
}
