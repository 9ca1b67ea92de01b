// A deploy: this release takes the place of the former one, whose processes go on until they are told to stop. Both
// work on one database, which the former one has set up.
import { migrate } from '../../src/store/migrate.ts';
import { call } from '../support/app.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { dropEdge, EDGE_LOCK, held, holdEdge, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { killAll } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { openDeploy, range } from './deploy.ts';

/** Nobody takes a run from a process that is only slow. */
const PATIENT = { TAKEOVER_SECONDS: '600' };

const deploy = shared(openDeploy);

afterEach(killAll);

const brake = (on: boolean) => deploy.world.sql('update retry_batch.brake set is_on = $1', [on]);

it('a run goes on while this release takes the place of the former one: each row is done once, and its thread is complete', async () => {
  const { world, former, asked, clicked, holdAt, standsAt, reported, trail } = deploy;
  const old = await deploy.startFormer(PATIENT);
  const known = await world.sql<{ name: string }>('select name from retry_batch.migrations order by 1');
  expect(known.map((one) => one.name)).toEqual(former.migrations);
  const run = await asked(24);
  const sixth = await holdAt(run, 6);
  await clicked(run, 'approve');
  await standsAt(run, range(1, 5), 1);

  // This release migrates beside a row in hand.
  expect(await migrate(world.url)).not.toEqual([]);
  await standsAt(run, range(1, 5), 1);
  // A row waits for its trigger for half a minute, and a process may take longer to start: the brake is what waits for that.
  await brake(true);
  await sixth.release();
  await standsAt(run, range(1, 6), 0);
  await deploy.startThis(PATIENT);
  const [seventh, eighth, fourteenth, twentieth] = [
    await holdAt(run, 7),
    await holdAt(run, 8),
    await holdAt(run, 14),
    await holdAt(run, 20),
  ] as const;
  await brake(false);
  await standsAt(run, range(1, 6), 2);
  await seventh.release();
  await standsAt(run, [...range(1, 7), ...range(9, 13)], 2);

  old.kill('SIGTERM');
  await until('it says that it stops', () => old.log().some((line) => line.msg === 'stopping'));
  for (const one of [eighth, fourteenth]) await one.release();
  expect(await old.exited).toEqual({ code: 0, signal: null });
  await standsAt(run, range(1, 19), 1);
  await twentieth.release();

  await status(world, run.batchId, 'finished');
  expect(await books(world, run.batchId)).toEqual(eachOnce(24));
  await reported(run, '24 = 24 succeeded + 0 failed + 0 skipped + 0 not reached');
  const told = await trail(run);
  expect(told.map(({ action }) => action)).toEqual([
    ...['asked', 'planned', 'approved', 'started'],
    ...range(1, 5).map(() => 'chunk'),
    'finished',
  ]);
  expect(told.flatMap(({ evidence }) => evidence.chunk ?? [])).toEqual(range(1, 5));
});

/** A call over HTTP whose process dies with its second row in hand; answers its batch. */
async function leftCall(): Promise<{ batchId: string }> {
  const { world } = deploy;
  const old = await deploy.startFormer(PATIENT);
  const ramp = await world.ramp();
  const rows = [];
  for (let n = 0; n < 4; n += 1) rows.push(await world.execution({ ramp }));
  const [, second, , done] = rows;
  if (done) await world.project(done);
  const lock = await inLine(world, TRIGGER_LOCK, [second?.id]);
  const cookie = await world.session((await world.user()).id);
  const body = { execution_uuids: rows.map((one) => one.uuid), dry_run: false, suppress_notifications: true };
  const calling = expect(call(old, cookie, body)).rejects.toThrow();
  await held(world, /pg_advisory_xact_lock/);
  old.kill('SIGKILL');
  await old.exited;
  await calling;
  await lock.release();
  return world.one(`select id as "batchId" from retry_batch.batches where door = 'http'`);
}

/** What the former release leaves behind when its last process dies: a batch in every status that goes on. */
async function leftBehind() {
  const { world, asked, clicked, approvedUntilSecond, standsAt } = deploy;
  const old = await deploy.startFormer(PATIENT);
  const broken = await world.revokedRamp();
  const waiting = await asked(3);
  const paused = await asked(3);
  const second = await approvedUntilSecond(paused);
  await clicked(paused, 'pause');
  await status(world, paused.batchId, 'paused');
  await second.release();
  await standsAt(paused, [1, 2], 0);
  const pausedItself = await asked(4, broken);
  await clicked(pausedItself, 'approve');
  await status(world, pausedItself.batchId, 'paused');
  const finished = await asked(3, broken, await world.ramp());
  await clicked(finished, 'approve');
  await status(world, finished.batchId, 'finished');
  const stopping = await asked(3);
  const inHand = await approvedUntilSecond(stopping);
  await clicked(stopping, 'stop');
  await status(world, stopping.batchId, 'stopping');
  const running = await asked(3);
  await clicked(running, 'approve');
  await status(world, running.batchId, 'running');
  const approved = await asked(3);
  await holdEdge(world, 'hold_start', 'insert', 'retry_batch.events', `new.action = 'started'`);
  const edge = await inLine(world, EDGE_LOCK);
  await clicked(approved, 'approve');
  await held(world, /insert into retry_batch.events/);
  old.kill('SIGKILL');
  await old.exited;
  for (const lock of [inHand, edge]) await lock.release();
  await dropEdge(world, 'hold_start', 'retry_batch.events');
  return { waiting, paused, pausedItself, finished, stopping, running, approved };
}

it('batches that the former release left in every status are finished by this one', async () => {
  const { world, clicked, reported, trail } = deploy;
  const cutOff = await leftCall();
  const left = await leftBehind();
  const statuses = await world.sql<{ id: string; status: string }>(
    'select id, status from retry_batch.batches',
  );
  const statusOf = new Map(statuses.map((one) => [one.id, one.status]));
  expect([cutOff, ...Object.values(left)].map(({ batchId }) => statusOf.get(batchId))).toEqual([
    ...['running', 'waiting', 'paused', 'paused', 'finished', 'stopping', 'running', 'approved'],
  ]);

  await deploy.startThis();
  await world.sql('update or_integrations set token_revoked_at = null');
  await clicked(left.waiting, 'approve');
  await clicked(left.paused, 'resume');
  await clicked(left.pausedItself, 'retry_held');
  await clicked(left.finished, 'retry_held');
  for (const run of [left.waiting, left.paused, left.running, left.approved]) {
    await reported(run, '3 = 3 succeeded + 0 failed + 0 skipped + 0 not reached');
    expect(await books(world, run.batchId)).toEqual(eachOnce(3));
  }
  await reported(left.stopping, '3 = 1 succeeded + 0 failed + 0 skipped + 2 not reached');
  await reported(left.pausedItself, '4 = 3 succeeded + 1 failed + 0 skipped + 0 not reached');
  await reported(left.finished, '6 = 5 succeeded + 1 failed + 0 skipped + 0 not reached');
  for (const run of [left.pausedItself, left.finished]) {
    const { projects, history, told, disagreements } = await books(world, run.batchId);
    expect([Object.keys(history), Object.keys(told), disagreements]).toEqual([['1'], ['1'], []]);
    expect(projects[0]).toBe(1);
  }
  await status(world, cutOff.batchId, 'stopped');
  expect((await trail(cutOff)).at(-1)).toMatchObject({
    action: 'finished',
    evidence: {
      own: { matched: 4, succeeded: 1, failed: 0, skipped: 1, notReached: 2 },
      disagreements: [],
    },
  });
});
