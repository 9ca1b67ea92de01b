// Who decides, and that a decision is one: against a second admin, a cancellation, and a transaction that fails.
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { approve, cancel } from '../../src/engine/decide/decide.ts';
import type { EnginePorts } from '../../src/engine/ports.ts';
import { createLog } from '../../src/log.ts';
import { inLine } from '../support/locks.ts';
import { environmentOf } from '../support/process.ts';
import { person, planned } from '../support/races.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { INCIDENT, startBench } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Ramp } from '../support/world.ts';

const ANYBODY = { requireSecondPerson: false };

const world = shared(createWorld);
let ramp: Ramp;
let ports: EnginePorts;

beforeAll(async () => {
  ramp = await world.ramp();
  const parsed = parseConfig(environmentOf(world));
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  const app = createApp({ config: parsed.config, log: createLog('silent'), onInvalidToken: () => {} });
  atTheEnd(() => app.stop());
  await app.start();
  ({ ports } = app);
});

async function waitingBatch(): Promise<string> {
  return planned(ports, [await world.execution({ ramp })]);
}

async function events(batchId: string, action: string): Promise<number> {
  const found = await world.one<{ n: number }>(
    'select count(*) as n from retry_batch.events where batch_id = $1 and action = $2',
    [batchId, action],
  );
  return found.n;
}

async function jobs(batchId: string): Promise<number> {
  const found = await world.one<{ n: number }>(
    `select count(*) as n from retry_batch_queue.job where name = 'runs' and data ->> 'id' = $1`,
    [batchId],
  );
  return found.n;
}

/** Both have looked and are about to change the batch when the row is let go. */
async function atOnce<Result>(batchId: string, acts: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const row = await inLine(world, 'select from retry_batch.batches where id = $1 for update', [batchId]);
  const acting = acts.map((act) => act());
  await until('all wait for the batch', async () => {
    const found = await world.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where datname = current_database()
         and wait_event_type = 'Lock' and query like '%set status = $2%'`,
    );
    return found.n >= acts.length;
  });
  await row.release();
  return Promise.all(acting);
}

it('two admins who approve at once make one run, and the later one is told', async () => {
  const batchId = await waitingBatch();
  const admins = [await person(world), await person(world)];
  const decided = await atOnce(
    batchId,
    admins.map((admin) => () => approve(ports, ANYBODY, batchId, admin)),
  );
  expect(decided.map((one) => one.kind).sort()).toEqual(['done', 'refused']);
  expect(decided).toContainEqual(
    expect.objectContaining({ refusal: expect.objectContaining({ kind: 'already_decided' }) }),
  );
  expect([await events(batchId, 'approved'), await jobs(batchId)]).toEqual([1, 1]);
});

it('an approval and a cancellation at once: one of them holds, and only an approval runs', async () => {
  const batchId = await waitingBatch();
  const admin = await person(world);
  const decided = await atOnce(batchId, [
    () => approve(ports, ANYBODY, batchId, admin),
    () => cancel(ports, batchId, admin),
  ]);
  expect(decided.filter((one) => one.kind === 'done')).toHaveLength(1);
  const approvals = await events(batchId, 'approved');
  expect(approvals + (await events(batchId, 'cancelled'))).toBe(1);
  expect(await jobs(batchId)).toBe(approvals);
});

it('an approval whose transaction fails at its end leaves no job behind', async () => {
  const batchId = await waitingBatch();
  await world.sql(`create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'the disk is full' using errcode = 'disk_full'; end $$`);
  await world.sql(`create constraint trigger fail_at_commit after update on retry_batch.batches
    deferrable initially deferred for each row execute function refuse()`);
  await expect(approve(ports, ANYBODY, batchId, await person(world))).rejects.toThrow('the disk is full');
  await world.sql('drop trigger fail_at_commit on retry_batch.batches');
  expect([await events(batchId, 'approved'), await jobs(batchId)]).toEqual([0, 0]);
});

it('a mapped person without the role can’t approve, and the attempt is in the audit trail', async () => {
  const batchId = await waitingBatch();
  const decided = await approve(ports, ANYBODY, batchId, await person(world, { admin: false }));
  expect(decided).toMatchObject({ kind: 'refused', refusal: { kind: 'no_role' } });
  expect([await events(batchId, 'approval_refused'), await jobs(batchId)]).toEqual([1, 0]);
});

it('the audit trail can’t be changed, not even by its owner', async () => {
  await waitingBatch();
  for (const change of [
    `update retry_batch.events set action = 'approved'`,
    'delete from retry_batch.events',
    'truncate retry_batch.events',
  ]) {
    await expect(world.sql(change)).rejects.toThrow('append-only');
  }
});

it('a command with a forged signature plans nothing', async () => {
  const bench = await startBench(world);
  const before = await world.sql('select from retry_batch.batches');
  const delivery = await bench.slack.human.command({
    user: 'U0ONCALL',
    channel: INCIDENT,
    command: '/retry-batch',
    text: 'since=2h',
    tampering: 'bad_signature',
  });
  const planned = await world.sql('select from retry_batch.batches');
  await bench.stop();
  expect(delivery).toMatchObject({ status: 401 });
  expect(planned).toHaveLength(before.length);
});
