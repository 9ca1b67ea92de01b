// A thread that is given back: what happened in the same moment is not lost.
import { openDatabase } from '../../src/postgres/database.ts';
import { lease, release, wake } from '../../src/store/thread-leases.ts';
import { sharedCaller } from '../support/caller.ts';
import { atTheEnd } from '../support/shared.ts';
import { untilBlocked } from '../support/until.ts';

const { world, app, execute } = sharedCaller();
const batchIds: string[] = [];

// The app would bring the threads up to date itself.
beforeAll(async () => {
  for (let n = 0; n < 5; n += 1) {
    const ramp = await world.ramp();
    await world.execution({ ramp });
    batchIds.push(((await execute(ramp, { dry_run: true })).body as { batch_id: string }).batch_id);
  }
  await app.stop();
});

/** The thread of a batch of its own, leased, behind so many failed tries. */
async function leased(failures = 0) {
  const batchId = batchIds.pop() ?? '';
  await world.sql(
    `insert into retry_batch.slack_threads (batch_id, team_id, channel_id, failures) values ($1, 'T1', 'C1', $2)`,
    [batchId, failures],
  );
  const db = openDatabase({ url: world.url, connections: 1, name: 'retry-batch' });
  atTheEnd(() => db.close());
  const thread = await lease(db, batchId, 60);
  if (thread === undefined) throw new Error('somebody else has it');
  const { last: seenEventId } = await world.one<{ last: number }>(
    'select max(id) as last from retry_batch.events where batch_id = $1',
    [batchId],
  );
  return { batchId, db, left: { seenEventId, dueAt: thread.dueAt, failure: null } };
}

const stands = (batchId: string) =>
  world.sql(
    'select settled, next_try_at <= now() as due, lease_until from retry_batch.slack_threads where batch_id = $1',
    [batchId],
  );

it.each([null, 300])(
  'a thread that is woken for what is no event while it is leased is due at once: %s',
  async (seconds) => {
    const { batchId, db, left } = await leased();
    await wake(db, batchId);
    await release(db, batchId, { ...left, seconds });
    expect(await stands(batchId)).toEqual([{ settled: false, due: true, lease_until: null }]);
  },
);

it('so is one that was tried in vain before, and now is not', async () => {
  const { batchId, db, left } = await leased(3);
  await wake(db, batchId);
  await release(db, batchId, { ...left, seconds: null });
  expect(await stands(batchId)).toEqual([{ settled: false, due: true, lease_until: null }]);
});

it('a thread that nobody woke rests', async () => {
  const { batchId, db, left } = await leased();
  await release(db, batchId, { ...left, seconds: null });
  expect(await stands(batchId)).toEqual([{ settled: true, due: true, lease_until: null }]);
});

it('a thread that is woken while it is given back is due at once', async () => {
  const { batchId, db, left } = await leased();
  const other = await world.connect();
  const query = async (sql: string) => void (await other.query(sql));
  await query('begin');
  await wake({ query: other.query.bind(other) } as never, batchId);
  const releasing = release(db, batchId, { ...left, seconds: null });
  await untilBlocked(world);
  await query(
    `insert into retry_batch.events (batch_id, action, actor, evidence)
     select batch_id, 'pruned', actor, '{}' from retry_batch.events where id = ${left.seenEventId}`,
  );
  await query('commit');
  await releasing;
  expect(await stands(batchId)).toEqual([{ settled: false, due: true, lease_until: null }]);
  await other.end();
});
