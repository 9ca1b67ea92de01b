// Whose replay it was: a row that two batches have is a success, or a failure, of the one whose call did it; a call that did
// nothing of a row has no claim to what comes up in it afterwards.
import type { FaultOrder } from '../../src/dev/application/faults.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Execution } from '../support/world.ts';
import { lastFails, replaysOf } from './aftermath.ts';
import { type Asked, openFront } from './front.ts';

const front = shared(() => openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '2' } }));

/** The canary's call. */
const CANARY: FaultOrder = { kind: 'slow', ms: 0 };

const reasons = async (asked: Asked) =>
  (await front.outcomesOf(asked)).map((one) => one.reason ?? one.outcome);

/** Two dry runs of the same rows; the first is approved and comes to a rest, the second runs to its end, and the first goes on. */
async function oneAfterTheOther(rows: Execution[], rest: (asked: Asked) => Promise<void>) {
  const [first, second] = [await front.dryRun(rows), await front.dryRun(rows)];
  await front.approve(first);
  await rest(first);
  await front.becomes(first, 'paused');
  await front.approve(second);
  await front.ends(second);
  await front.decide(first, 'resume');
  await front.ends(first);
  return { first, second };
}

it('rows of a call that was refused are not its batch’s when another one has replayed them meanwhile', async () => {
  const rows = await front.failed(20);
  await front.goesWrong(CANARY, { kind: 'status', status: 401, body: { error: 'unauthorized' } });
  const { first, second } = await oneAfterTheOther(rows, async () => {});
  expect(await reasons(first)).toEqual(['success', ...rows.slice(1).map(() => 'status_not_error')]);
  expect(await reasons(second)).toEqual(['status_not_error', ...rows.slice(1).map(() => 'success')]);
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
  for (const one of [first, second])
    expect(await front.books(one)).toMatchObject({ projects: { 1: 20 }, sent: 0, disagreements: [] });
});

it('nor are they where the call may have got lost: another batch’s entries are its own', async () => {
  const rows = await lastFails(front, 3);
  await front.goesWrong(CANARY, { kind: 'status', status: 500, when: 'before' });
  const { first, second } = await oneAfterTheOther(rows, async (asked) => {
    await front.untilSent(3);
    await front.decide(asked, 'pause');
  });
  // The last one is judged by the error that it has now.
  expect(await reasons(first)).toEqual(['success', 'status_not_error', 'status_not_error', 'config_error']);
  expect(await reasons(second)).toEqual(['status_not_error', 'success', 'success', 'error']);
  expect(replaysOf(front, rows)).toEqual([1, 1, 1, 1]);
  for (const one of [first, second])
    expect(await front.books(one)).toMatchObject({ sent: 0, disagreements: [] });
});

it('a row that the endpoint found locked is not its batch’s when somebody has mended it by hand meanwhile', async () => {
  const rows = await front.failed(28);
  const [locked] = rows.slice(5, 6);
  await front.goesWrong(
    CANARY,
    { kind: 'skip_reason', reason: 'locked', execution_uuids: [locked?.uuid ?? ''] },
    { kind: 'slow', ms: 3000 },
  );
  const asked = await front.run(rows);
  await until('the row is put off', async () => {
    const found = await front.world.sql(
      'select from retry_batch.plan_rows where batch_id = $1 and locked_at is not null and sent_call is null',
      [asked.batchId],
    );
    return found.length > 0;
  });
  if (locked !== undefined) await front.world.project(locked);
  await front.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [locked?.id]);
  await front.ends(asked);
  expect((await front.outcomesOf(asked)).filter((one) => one.outcome !== 'success')).toMatchObject([
    { uuid: locked?.uuid, outcome: 'skipped' },
  ]);
  expect(await front.books(asked)).toMatchObject({ projects: { 1: 28 }, sent: 0, disagreements: [] });
});
