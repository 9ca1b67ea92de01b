// The database goes away: before the call, while it plans, in the middle of the replays, at its very end. The
// caller is told 503 and the truth about what was done, and nobody gets two projects from calling again.
import { type Answered, call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { type DatabaseProxy, openProxy } from '../support/database-proxy.ts';
import { holdRows, holdTrigger } from '../support/holds.ts';
import { until, untilBlocked } from '../support/until.ts';
import type { Execution, Ramp } from '../support/world.ts';

const NOTHING_CHANGED = { error: 'unavailable', message: expect.stringContaining('nothing was changed') };

let cable: DatabaseProxy;
const { world, app, admin } = sharedCaller(async ({ url }) => {
  cable = await openProxy(url);
  // One replay after the other, so that the moment at which the cable is pulled is known.
  return { DATABASE_URL: cable.url, REPLAY_CONCURRENCY: '1', TAKEOVER_SECONDS: '2' };
});

afterEach(async () => {
  cable.mend();
  await until(
    'a dry run works again',
    async () => (await call(app, admin, { ...WINDOW, vendor_ids: [1] })).status === 200,
  );
});

async function incident(count = 3): Promise<{ ramp: Ramp; execute: () => Promise<Answered> }> {
  const ramp = await world.ramp();
  for (let n = 0; n < count; n += 1)
    await world.execution({
      ramp,
      createdAt: `2026-05-11T12:31:0${n}Z`,
      ...(n === 1 ? { payload: {} } : {}),
    });
  const request = { ...WINDOW, ramp_uuids: [ramp.uuid], dry_run: false, suppress_notifications: true };
  return { ramp, execute: () => call(app, admin, request) };
}

async function done(ramp: Ramp) {
  return world.one<{ projects: number; executions: number; history: number; succeeded: number }>(
    `select (select count(*) from or_projects where ramp_id = $1) as projects,
       (select count(distinct execution_id) from or_projects where ramp_id = $1) as executions,
       (select count(*) from or_workflow_history where ramp_id = $1) as history,
       (select count(*) from or_ramp_executions where ramp_id = $1 and status_code = 'SUCCESS') as succeeded`,
    [ramp.id],
  );
}
const NOTHING = { projects: 0, executions: 0, history: 0, succeeded: 0 };
const EVERYTHING = { projects: 2, executions: 2, history: 3, succeeded: 2 };

/** A call to execute, in which this happens to the cable, is told 503 and leaves nothing. */
async function nothingWasDone(pulled: Promise<void>): Promise<void> {
  const { ramp, execute } = await incident();
  const answered = await execute();
  await pulled;
  expect(answered).toEqual({ status: 503, body: NOTHING_CHANGED });
  expect(await done(ramp)).toEqual(NOTHING);
}

describe('the database is away', () => {
  it('when the call comes: 503, and nothing was changed', async () => {
    const { ramp, execute } = await incident();
    cable.cut();
    expect(await execute()).toEqual({ status: 503, body: NOTHING_CHANGED });
    expect(await call(app, await world.apiKey(), WINDOW)).toEqual({ status: 503, body: NOTHING_CHANGED });
    expect(await call(app, 'session=unknown', WINDOW)).toMatchObject({ status: 503 });
    expect(await done(ramp)).toEqual(NOTHING);
  });

  it('while the plan is made: 503, and nothing was changed', async () => {
    await nothingWasDone(cable.cutBefore('insert into retry_batch.plan_rows'));
  });

  it('while the answer to a dry run is put together: 503, and nothing was changed', async () => {
    const { ramp } = await incident();
    const pulled = cable.cutBefore('left(t.skip_detail');
    const answered = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid] });
    await pulled;
    expect(answered).toEqual({ status: 503, body: NOTHING_CHANGED });
  });
});

describe('the database goes away after replays were committed', () => {
  const moments: [string, string, object, number][] = [
    // The third row's project is on its way when the cable is pulled.
    ['in the middle of a replay', 'acct-third', { success: 1, error: 1, skipped: 0 }, 1],
    ['when the rest is counted', 'not in this call', { success: 2, error: 1, skipped: 0 }, 2],
    ['when the batch is ended', 'set status = $2', { success: 2, error: 1, skipped: 0 }, 2],
    ['when the answer is read', 'left(t.outcome_error_message', { success: 2, error: 1, skipped: 0 }, 2],
    ['at the last word of the answer', 'left(t.skip_detail', { success: 2, error: 1, skipped: 0 }, 2],
  ];
  it.each(moments)('%s: the body says what was done', async (_, text, counts, projects) => {
    const { ramp, execute } = await incident(2);
    await world.execution({
      ramp,
      createdAt: '2026-05-11T12:31:09Z',
      payload: { account: { id: 'acct-third', name: 'Third' } },
    });
    await world.sql(`update or_object_entity_ids set archived_at = now() where archived_at is null`);
    const pulled = cable.cutBefore(text);
    const answered = await execute();
    await pulled;
    expect(answered.status).toBe(503);
    expect(answered.body).toEqual({
      error: 'unavailable',
      message: expect.not.stringContaining('nothing was changed'),
      batch_id: expect.any(String),
      done: counts,
    });
    expect(await done(ramp)).toMatchObject({ projects, executions: projects, succeeded: projects });

    cable.mend();
    // Nobody goes on with the broken call; it is ended, and calling again picks up what is left.
    await until('the broken call is ended', async () => {
      const [batch] = await world.sql<{ status: string }>(
        `select status from retry_batch.batches where id = $1`,
        [answered.body.batch_id],
      );
      return batch?.status !== 'running';
    });
    expect((await execute()).status).toBe(200);
    expect(await done(ramp)).toEqual(EVERYTHING);
  });

  it('counts a row that was locked at its turn among the skipped', async () => {
    const { execute, ramp } = await incident(1);
    const rows = await world.sql<Execution>(
      `select id, execution_uuid as uuid from or_ramp_executions where ramp_id = $1`,
      [ramp.id],
    );
    const held = await holdRows(world, rows);
    const pulled = cable.cutBefore('not in this call');
    const answered = await execute();
    await pulled;
    await held.release();
    expect(answered.body.done).toEqual({ success: 0, error: 0, skipped: 1 });
  });
});

describe('a connection breaks before Postgres’ answer to COMMIT arrives, and the next one works', () => {
  it('so a call that can’t know whether it has a plan replays nothing', async () => {
    const { ramp, execute } = await incident();
    const lost = cable.loseCommitBehind('insert into retry_batch.batches');
    const answered = await execute();
    await lost;
    expect(answered).toEqual({ status: 503, body: NOTHING_CHANGED });
    expect(await done(ramp)).toEqual(NOTHING);
  });

  it('so a replay that was committed is found, counted once, and the call goes on', async () => {
    const { ramp, execute } = await incident();
    const first = await world.one<Execution>(
      `select id, execution_uuid as uuid from or_ramp_executions where ramp_id = $1 order by created_at limit 1`,
      [ramp.id],
    );
    const held = await holdTrigger(world, first);
    const calling = execute();
    await untilBlocked(world);
    const lost = cable.loseCommitBehind('record success');
    await held.release();
    await lost;
    const { status, body } = await calling;
    expect(status).toBe(200);
    expect(body.summary).toMatchObject({ eligible: 3, success: 2, error: 1, remaining: 0 });
    expect(await done(ramp)).toEqual(EVERYTHING);
  });
});
