// A caller who hangs up: a closed laptop, a proxy's time limit, Ctrl-C. The call goes on as if they listened.

import { sharedCaller } from '../support/caller.ts';
import { type Hold, hold, holdTrigger } from '../support/holds.ts';
import { send, sendAndLeave } from '../support/http.ts';
import { until, untilBlocked } from '../support/until.ts';
import type { Ramp } from '../support/world.ts';

const { world, app, admin } = sharedCaller();

async function incident(): Promise<{ ramp: Ramp; body: string; newest: { id: number; uuid: string } }> {
  const ramp = await world.ramp();
  await world.execution({ ramp, createdAt: '2026-05-11T12:31:00Z' });
  const newest = await world.execution({ ramp, createdAt: '2026-05-11T12:32:00Z' });
  const request = { since: '2026-05-11T12:30:00Z', ramp_uuids: [ramp.uuid], dry_run: false };
  return { ramp, newest, body: JSON.stringify({ ...request, suppress_notifications: true }) };
}

/** Sends `body`, hangs up once the bot waits for what `held` holds, and lets it go on. */
async function hangUp(body: string, held: Hold): Promise<void> {
  const leave = await sendAndLeave(app, { headers: admin, body });
  await untilBlocked(world);
  leave();
  // The server has seen the hang-up by the time it answers somebody who came later.
  await send(app, { method: 'GET', path: '/healthz' });
  await held.release();
}

async function batchOf(ramp: Ramp) {
  return until('the batch is ended', async () => {
    const [batch] = await world.sql<{ status: string; id: string }>(
      `select status, id from retry_batch.batches where request -> 'ramp_uuids' ? $1 and status <> 'running'`,
      [ramp.uuid],
    );
    return batch;
  });
}

async function expectDone(ramp: Ramp): Promise<void> {
  expect(await batchOf(ramp)).toMatchObject({ status: 'finished' });
  const counts = await world.one(
    `select (select count(*) from or_projects where ramp_id = $1) as projects,
       (select count(distinct execution_id) from or_projects where ramp_id = $1) as executions,
       (select count(*) from or_workflow_history where ramp_id = $1) as history,
       (select count(*) from or_ramp_executions where ramp_id = $1 and status_code = 'SUCCESS') as succeeded`,
    [ramp.id],
  );
  expect(counts).toEqual({ projects: 2, executions: 2, history: 2, succeeded: 2 });
}

describe('a caller who hangs up', () => {
  it('in the middle of the replays does not stop them', async () => {
    const { ramp, newest, body } = await incident();
    await hangUp(body, await holdTrigger(world, newest));
    await expectDone(ramp);
  });

  it('while the plan is made does not stop it either', async () => {
    const { ramp, body } = await incident();
    await hangUp(body, await hold(world, `lock table or_ramp_executions in access exclusive mode`));
    await expectDone(ramp);
  });

  it('right after the last byte, while the credential is looked up, has still called', async () => {
    const { ramp, body } = await incident();
    await hangUp(body, await hold(world, `lock table or_sessions in access exclusive mode`));
    await expectDone(ramp);
  });

  it('before the last byte has asked for nothing, and that stands in the audit trail', async () => {
    const { ramp, body } = await incident();
    const [{ last } = { last: 0 }] = await world.sql<{ last: number }>(
      `select coalesce(max(id), 0) as last from retry_batch.events`,
    );
    const leave = await sendAndLeave(
      app,
      {
        headers: { ...admin, 'content-length': String(body.length + 1) },
        body,
      },
      'unfinished',
    );
    leave();
    const refused = await until('the refusal is noted', async () => {
      const [event] = await world.sql(`select action, evidence from retry_batch.events where id > $1`, [
        last,
      ]);
      return event;
    });
    expect(refused).toMatchObject({ action: 'refused', evidence: { because: 'invalid_request' } });
    expect(await world.sql(`select from or_projects where ramp_id = $1`, [ramp.id])).toEqual([]);
  });
});
