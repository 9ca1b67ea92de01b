// Dry runs on a read replica: it reads, the primary stores, and what the replica can't do the primary does.
import { planFor } from '../runs/shift.ts';
import { call, type RunningApp, startApp } from '../support/app.ts';
import { startCluster } from '../support/cluster.ts';
import { shared } from '../support/shared.ts';
import { createWorld, type Ramp } from '../support/world.ts';

const cluster = shared(() => startCluster());
const world = shared(() => createWorld(cluster.home));
let cookie: string;
let ramp: Ramp;
let app: RunningApp;

beforeAll(async () => {
  cookie = await world.session((await world.user()).id);
  ramp = await world.ramp();
  await cluster.caughtUp();
  app = await startApp(world, { DATABASE_READ_URL: cluster.standbyOf(world.url) });
});

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };
const ask = (from: RunningApp) => call(from, cookie, WINDOW);

/** The plan's list as it is stored, but for what is each plan's own. */
const stored = (batchId: unknown) =>
  world.sql(
    `select to_jsonb(t) - 'batch_id' as row from retry_batch.plan_rows t where batch_id = $1 order by position`,
    [batchId],
  );

const summary = async (batchId: unknown) =>
  (
    await world.one<{ summary: { replica?: { behindMs: number } } }>(
      'select summary from retry_batch.batches where id = $1',
      [batchId],
    )
  ).summary;

it('the replica gives every row what the primary gives it, microseconds, order and error groups too', async () => {
  const at = (n: number) => `2026-05-11T12:31:00.${String(123_456 + n).padStart(6, '0')}Z`;
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      world.execution({
        ramp,
        createdAt: at(n),
        errorMessage: n % 3 === 0 ? `no "list ${n}"` : 'Zeile\n\t„ü“',
      }),
    ),
  );
  if (made[0] === undefined) throw new Error('there are thirty');
  await world.project(made[0]);
  const plain = await startApp(world);
  const [own, replicas] = [await ask(plain), await ask(app)];
  const [ownPlan, replicasPlan] = [
    await planFor(plain, WINDOW, 'C0INCIDENT'),
    await planFor(app, WINDOW, 'C0INCIDENT'),
  ];
  await plain.stop();
  expect(await stored(replicasPlan)).toEqual(await stored(ownPlan));
  expect(await stored(ownPlan)).toHaveLength(30);
  expect(replicas.body.summary).toEqual(own.body.summary);
  expect(await stored(replicas.body.batch_id)).toEqual(await stored(own.body.batch_id));
  // A call stores what it lists, a plan that waits for an approval all.
  expect(await stored(own.body.batch_id)).toHaveLength(26);
  expect((await summary(own.body.batch_id)).replica).toBeUndefined();
  expect((await summary(replicas.body.batch_id)).replica).toEqual({ behindMs: expect.any(Number) });
});

it('a dry run waits until the replica has what was there when it was asked for', async () => {
  const before = (await ask(app)).body.summary as { matched: number };
  await cluster.pause();
  await world.execution({ ramp, createdAt: '2026-05-11T12:40:00Z' });
  const asked = ask(app);
  await cluster.waitedFor();
  await cluster.resume();
  const { body } = await asked;
  expect(body.summary).toMatchObject({ matched: before.matched + 1 });
  expect((await summary(body.batch_id)).replica?.behindMs).toBeGreaterThan(0);
});

it('a replica that does not catch up, or takes writes itself, leaves the dry run to the primary', async () => {
  await cluster.pause();
  await world.execution({ ramp, createdAt: '2026-05-11T12:41:00Z' });
  const { body } = await ask(app);
  expect((await summary(body.batch_id)).replica).toBeUndefined();
  await cluster.resume();
  const noStandby = await startApp(world, { DATABASE_READ_URL: world.url });
  const own = await ask(noStandby);
  await noStandby.stop();
  expect(own.body.summary).toEqual(body.summary);
  expect((await summary(own.body.batch_id)).replica).toBeUndefined();
});

it('what a batch left is selected there too, where its rows are replicated like any other', async () => {
  const made = await Promise.all(
    Array.from({ length: 30 }, () => world.execution({ ramp, createdAt: '2026-05-11T12:42:00Z' })),
  );
  const first = await planFor(app, { execution_uuids: made.map((one) => one.uuid) }, 'C0INCIDENT');
  await world.sql(
    `update retry_batch.batches set status = 'cancelled', decided_by = '{}', ended_at = now() where id = $1`,
    [first],
  );
  await world.sql('delete from or_ramp_executions where id = $1', [made[0]?.id]);
  const left = made.slice(1).map((one) => one.uuid);
  const rest = await planFor(app, { rest_of: first }, 'C0INCIDENT');
  const listed = await world.sql<{ uuid: string }>(
    'select execution_uuid as uuid from retry_batch.plan_rows where batch_id = $1',
    [rest],
  );
  expect(listed.map((one) => one.uuid).toSorted()).toEqual(left.toSorted());
  expect((await summary(rest)).replica).toEqual({ behindMs: expect.any(Number) });
  const { body } = await call(app, cookie, { rest_of: first });
  expect(body).toMatchObject({ matched: 29, not_found: [made[0]?.uuid] });
  expect((await summary(body.batch_id)).replica).toEqual({ behindMs: expect.any(Number) });
});
