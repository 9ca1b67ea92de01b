// What a replay queues for the customer: in its own transaction, once, and only where somebody is to be told.
import { openQueue, type Queue } from '../../src/queue/boss.ts';
import { aftermathOf } from '../support/aftermath.ts';
import { type Engine, openEngine } from '../support/engine.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { createWorld, type Execution } from '../support/world.ts';

const world = shared(createWorld);
let queue: Queue;
let engine: Engine;

const TOLD = { webhook: 'https://crm.test/hook', email: 'owner@crm.test' };
const LOUD = { suppress_notifications: false };

beforeAll(async () => {
  queue = openQueue(world.url, () => {});
  atTheEnd(() => queue.stop(5));
  await queue.start({ run: async () => {}, deliver: async () => {}, deliveriesAtOnce: 1 });
  engine = openEngine(world, { deliveries: queue.deliveries });
});

type Queued = { id: string; kind: string; status: string; content: Record<string, unknown> };

const queuedFor = (execution: Execution) =>
  world.sql<Queued>(
    `select id, kind, status, content from retry_batch.notifications where execution_id = $1 order by kind desc`,
    [execution.id],
  );

/** The ids for which the queue has a job, each as often as it has one. */
async function jobs(queued: readonly Queued[]): Promise<string[]> {
  const found = await world.sql<{ id: string }>(
    `select data ->> 'id' as id from retry_batch_queue.job where name = 'deliveries' and data ->> 'id' = any ($1)`,
    [queued.map((one) => one.id)],
  );
  return found.map((one) => one.id).sort();
}

describe('a replay', () => {
  it.each([
    ['a webhook and an e-mail', TOLD, ['webhook', 'email']],
    ['a webhook', { webhook: TOLD.webhook }, ['webhook']],
    ['an e-mail', { email: TOLD.email }, ['email']],
    ['nothing', {}, []],
  ])('queues %s where the vendor wants that', async (_, wants, kinds) => {
    const execution = await world.execution({
      ramp: await world.ramp({ vendorId: await world.vendor(wants) }),
    });
    await engine.replay(execution, LOUD);
    const queued = await queuedFor(execution);
    expect(queued.map((one) => [one.kind, one.status])).toEqual(kinds.map((kind) => [kind, 'queued']));
    expect(await jobs(queued)).toEqual(queued.map((one) => one.id).sort());
  });

  it('tells which project it made, of which execution and account', async () => {
    const ramp = await world.ramp({ vendorId: await world.vendor(TOLD) });
    const execution = await world.execution({ ramp, payload: { account: { id: 5, name: 'Globex' } } });
    const row = await engine.replay(execution, LOUD);
    const { accounts } = await aftermathOf(world, execution);
    for (const { content } of await queuedFor(execution)) {
      expect(content).toEqual({
        project_uuid: row.projectUuid,
        execution_uuid: execution.uuid,
        vendor_id: ramp.vendorId,
        ramp_uuid: ramp.uuid,
        account_id: accounts[0]?.id,
        account_external_id: '5',
        account_name: 'Globex',
        name: 'Globex — onboarding',
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    }
  });

  it('queues nothing where notifications are suppressed', async () => {
    const execution = await world.execution({
      ramp: await world.ramp({ vendorId: await world.vendor(TOLD) }),
    });
    expect(await engine.replay(execution, { suppress_notifications: true })).toMatchObject({
      outcome: 'success',
    });
    expect(await queuedFor(execution)).toEqual([]);
  });

  it('keeps to what was approved about notifications, whatever the request says later', async () => {
    const execution = await world.execution({
      ramp: await world.ramp({ vendorId: await world.vendor(TOLD) }),
    });
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid], suppress_notifications: true });
    await world.sql(
      `update retry_batch.batches set request = request || '{"suppress_notifications": false}'`,
    );
    await engine.turn(batch);
    expect(await queuedFor(execution)).toEqual([]);
  });

  it('that fails in a step queues nothing', async () => {
    const ramp = await world.ramp({ vendorId: await world.vendor(TOLD) });
    const execution = await world.execution({ ramp, payload: {} });
    expect(await engine.replay(execution, LOUD)).toMatchObject({ outcome: 'error' });
    expect(await queuedFor(execution)).toEqual([]);
  });

  it('that is taken back after it had queued leaves neither the notification nor its job', async () => {
    const count = () =>
      world.one(`select (select count(*) from retry_batch.notifications) as notifications,
        (select count(*) from retry_batch_queue.job) as jobs`);
    const execution = await world.execution({
      ramp: await world.ramp({ vendorId: await world.vendor(TOLD) }),
    });
    await world.sql(`create function frozen() returns trigger language plpgsql as $f$ begin
        if new.status_code = 'SUCCESS' then raise exception 'frozen'; end if; return new; end $f$;
      create trigger frozen before update on or_ramp_executions for each row execute function frozen()`);
    const before = await count();
    expect(await engine.replay(execution, LOUD)).toMatchObject({ outcome: 'error' });
    expect(await count()).toEqual(before);
    await world.sql('drop function frozen cascade');
  });

  it('is not reached where the queue takes nothing, which says nothing about the execution', async () => {
    const idle = openQueue(world.url, () => {});
    const other = openEngine(world, { deliveries: idle.deliveries });
    const execution = await world.execution({
      ramp: await world.ramp({ vendorId: await world.vendor(TOLD) }),
    });
    const before = await aftermathOf(world, execution);
    const row = await other.replay(execution, LOUD);
    expect(row).toMatchObject({ outcome: 'not_reached', outcomeDetail: expect.stringMatching(/queue/i) });
    expect(await aftermathOf(world, execution)).toEqual(before);
    expect(other.naps).toHaveLength(2);
    await other.close();
  });
});
