// What a report is checked by: the batch's own counts against OnRamp's tables, and the failures that are new.

import type { Batch } from '../../src/domain/plan.ts';
import { chunkReports } from '../../src/store/chunks.ts';
import { leftOf, originalsOf } from '../../src/store/left.ts';
import { progressOf } from '../../src/store/progress.ts';
import { recount } from '../../src/store/recount.ts';
import { sharedEngine } from '../support/engine.ts';
import type { Ramp } from '../support/world.ts';

const { world, engine } = sharedEngine();
let ramp: Ramp;

beforeEach(async () => {
  ramp = await world.ramp();
});

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };
const verify = (batch: Batch) => recount(engine.ports.db.autocommit, batch.id, batch.replayedBy);

/** A batch with every way a row can go: two successes, one failure, two kinds of skipped, one not reached. */
async function mixedRun(): Promise<Batch> {
  const at = (minute: number) => `2026-05-11T12:3${minute}:00Z`;
  await world.execution({ ramp, createdAt: at(1) });
  await world.execution({ ramp, createdAt: at(2) });
  await world.execution({ ramp, createdAt: at(3), payload: {} });
  const fixed = await world.execution({ ramp, createdAt: at(4) });
  await world.execution({ ramp, createdAt: at(5) });
  await world.execution({ ramp, createdAt: at(6), errorType: 'WorkflowConfigError' });
  const { batch } = await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid] });
  await world.sql(`update or_ramp_executions set status_code = 'RUNNING' where id = $1`, [fixed.id]);
  for (let turn = 1; turn <= 4; turn += 1) await engine.turn(batch);
  return batch;
}

describe('the closing equation of a run', () => {
  const tally = { matched: 6, succeeded: 2, failed: 1, skipped: 2, notReached: 1 };

  it("agrees with OnRamp's tables, also before every row had its turn", async () => {
    expect(await verify(await mixedRun())).toEqual({ own: tally, recounted: tally, disagreements: [] });
  });

  it('is not disturbed by an earlier batch that failed on the same rows', async () => {
    await world.execution({ ramp, payload: {} });
    const first = (await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid] })).batch;
    await engine.turn(first);
    const second = (await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid], force_retry: true })).batch;
    await engine.turn(second);
    for (const batch of [first, second]) expect((await verify(batch)).disagreements).toEqual([]);
  });

  const inRun = 'execution_id in (select execution_id from retry_batch.plan_rows where batch_id = $1';
  it.each([
    [
      'a project is gone',
      `with gone as (select id from or_projects join retry_batch.plan_rows using (project_uuid)
         where batch_id = $1 limit 1),
       tasks as (delete from or_project_tasks using gone where project_id = gone.id)
       delete from or_projects using gone where or_projects.id = gone.id`,
      /1 replayed execution lacks the project/,
    ],
    [
      'an execution has two projects',
      `insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
       select p.vendor_id, p.account_id, p.ramp_id, p.execution_id, 'second', now()
       from or_projects p join retry_batch.plan_rows t using (project_uuid) where t.batch_id = $1 limit 1`,
      /1 execution has more than one project/,
    ],
    [
      'an execution is in ERROR again',
      `update or_ramp_executions set status_code = 'ERROR' where id in (
         select execution_id from retry_batch.plan_rows where batch_id = $1 and outcome = 'success' limit 1)`,
      /1 replayed execution is not in SUCCESS/,
    ],
    [
      'a history entry of a success is gone',
      `delete from or_workflow_history where ${inRun} and outcome = 'success' limit 1)`,
      /counted 2 successes, OnRamp's tables show 1/,
    ],
    [
      'a history entry of a failure is gone',
      `delete from or_workflow_history where ${inRun} and outcome = 'error')`,
      /counted 1 failure, or_workflow_history shows 0/,
    ],
    [
      'an execution was replayed twice',
      `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
       select execution_id, ramp_id, vendor_id, action, actor, details from or_workflow_history
       where ${inRun} and outcome = 'success' limit 1)`,
      /counted 2 successes, OnRamp's tables show 3/,
    ],
    [
      'a row tells another outcome than the history',
      `update retry_batch.plan_rows set outcome = 'not_reached', project_uuid = null
       where batch_id = $1 and outcome = 'success'`,
      /2 history entries tell another outcome/,
    ],
    [
      'a row of the plan is gone',
      `delete from retry_batch.plan_rows where batch_id = $1 and skip_reason is null and outcome is null`,
      /the plan counted 6 matched executions, its list has 5/,
    ],
    [
      'there are thousands of entries, written as every other number is',
      `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
       select one.* from generate_series(1, 2998), (select execution_id, ramp_id, vendor_id, action, actor, details
         from or_workflow_history where ${inRun} and outcome = 'success' limit 1) limit 1) one`,
      /the run counted 2 successes, OnRamp's tables show 3,000/,
    ],
  ])('shows that %s', async (_, tamper, sentence) => {
    const batch = await mixedRun();
    await world.sql(tamper, [batch.id]);
    const { disagreements } = await verify(batch);
    expect(disagreements).toContainEqual(expect.stringMatching(sentence));
  });
});

describe('what a run left', () => {
  const tx = () => engine.ports.db.autocommit;
  const error = 'MissingRelatedAccountError: the trigger has no related account';

  it('is told by customer and cause, what was held with what it was held for', async () => {
    const batch = await mixedRun();
    const other = await world.ramp({ vendorId: await world.vendor({ name: 'Foxglove Retail' }) });
    // As the run does with rows like those that failed: of the same customer, and of another one.
    await world.sql(
      `insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
         created_at, workflow_version, drift, error_group, held_because, held_for)
       select $1, 100 + n, 0, gen_random_uuid(), case when n > 3 then $3::bigint else $2 end, 0, gen_random_uuid(), now(), 1,
         false, 'UnboundLocalError: <n>',
         case when n > 3 then '3 replays in a row failed alike: UnboundLocalError: 7' else 'its canary failed: ' || $4 end,
         case when n > 3 then 'UnboundLocalError: <n>' else $4 end
       from generate_series(1, 5) n`,
      [batch.id, ramp.vendorId, other.vendorId, error],
    );
    expect(await leftOf(tx(), batch.id, 4)).toEqual({
      largest: [
        { customer: 'Acme', kind: 'error', error, original: false, rows: 4, held: 3 },
        {
          ...{ customer: 'Foxglove Retail', kind: 'error', error: 'UnboundLocalError: <n>' },
          ...{ original: true, rows: 2, held: 2 },
        },
        { customer: 'Acme', kind: 'not_reached', why: null, rows: 1, held: 0 },
      ],
      others: 0,
    });
    expect(await leftOf(tx(), batch.id, 1)).toMatchObject({ largest: [{ rows: 4 }], others: 3 });
  });

  it('is told with what went wrong at their turn, of those that were given up then and not because the run was stopped', async () => {
    const batch = await mixedRun();
    const giveUp = (position: number, detail: string) =>
      world.sql(
        `update retry_batch.plan_rows set outcome = 'not_reached', outcome_detail = $3, project_uuid = null
         where batch_id = $1 and position = $2`,
        [batch.id, position, detail],
      );
    await giveUp(1, 'deadlock detected (SQLSTATE 40P01)');
    await giveUp(2, 'the run was stopped');
    const { largest } = await leftOf(tx(), batch.id, 9);
    expect(largest).toContainEqual(
      expect.objectContaining({
        kind: 'not_reached',
        rows: 1,
        why: expect.stringContaining('deadlock detected'),
      }),
    );
    // With the one that has had no turn yet.
    expect(largest).toContainEqual(expect.objectContaining({ kind: 'not_reached', rows: 2, why: null }));
  });

  it('counts as the original error only what a row had in the plan', async () => {
    const logged = {
      errorType: 'MissingRelatedAccountError',
      errorMessage: 'the trigger has no related account',
    };
    await world.execution({ ramp, payload: {}, ...logged });
    await world.execution({ ramp, payload: {} });
    const plan = { ...WINDOW, ramp_uuids: [ramp.uuid], force_retry: true };
    const { batch } = await engine.plan(plan);
    for (let turn = 1; turn <= 2; turn += 1) await engine.turn(batch);
    expect(await originalsOf(tx(), batch.id)).toBe(1);
  });
});

describe('the progress of a run', () => {
  it('counts the rows as they stand', async () => {
    const batch = await mixedRun();
    const progress = await progressOf(engine.ports.db.autocommit, batch.id);
    expect(progress).toMatchObject({
      eligible: 5,
      succeeded: 2,
      failed: 1,
      skippedAtTurn: { status_not_error: 1 },
      notReached: 0,
      failures: [{ group: 'MissingRelatedAccountError: the trigger has no related account', count: 1 }],
    });
  });

  it('names of a chunk only the failures that no earlier chunk had', async () => {
    const account = (fields: object) => ({ account: { id: 'a', name: 'A', ...fields } });
    const payloads = [{}, account({ id: '' }), {}, account({ id: ' ' }), account({ name: '' })];
    for (const [n, payload] of payloads.entries()) {
      await world.execution({ ramp, payload, createdAt: `2026-05-11T12:3${n}:00Z` });
    }
    const { batch } = await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid] });
    for (const _ of payloads) await engine.turn(batch);
    const span = { first: 1, last: 5, size: 3 };
    const chunks = await chunkReports(engine.ports.db.autocommit, batch.id, span);
    const groups = (n: number) => chunks[n - 1]?.newFailures.map((failure) => [failure.group, failure.count]);
    const noAccount = 'MissingRelatedAccountError: the trigger has no related account';
    const empty = (path: string) => `MissingTriggerFieldError: trigger field ${path} is empty`;
    expect(groups(1)).toEqual([
      [noAccount, 2],
      [empty('account.id'), 1],
    ]);
    expect(groups(2)).toEqual([[empty('account.name'), 1]]);
    expect(chunks).toHaveLength(2);
    expect(chunks[1]).toMatchObject({
      chunk: 2,
      failed: 2,
      succeeded: 0,
      skipped: 0,
      notReached: 0,
      deferred: 0,
      open: 0,
    });
  });
});

it('a run that ended under a release that kept no time has run from its start to its end, and a retry adds to that', async () => {
  const { id } = await mixedRun();
  const ran = async () => (await progressOf(engine.ports.db.autocommit, id)).ranSeconds;
  await world.sql(
    `update retry_batch.batches set status = 'finished', started_at = now() - interval '10 minutes',
       ended_at = now() - interval '8 minutes', door = 'slack', decided_by = requested_by where id = $1`,
    [id],
  );
  await world.sql('update retry_batch.batches set ran_seconds = null where id = $1', [id]);
  expect(await ran()).toBe(120);
  await world.sql(`update retry_batch.batches set status = 'approved', ended_at = null where id = $1`, [id]);
  await world.sql(`update retry_batch.batches set status = 'running' where id = $1`, [id]);
  await world.sql(
    `update retry_batch.batches set running_since = running_since - interval '30 seconds' where id = $1`,
    [id],
  );
  await world.sql(`update retry_batch.batches set status = 'finished', ended_at = now() where id = $1`, [id]);
  expect(await ran()).toBeCloseTo(150, 0);
});
