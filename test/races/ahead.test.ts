// A lane opens its next turn behind the COMMIT of the one before. What comes in between must find it given up.

import { createVendorGate } from '../../src/engine/replay/vendor-gate.ts';
import { createSlots, drain } from '../../src/engine/run/drain.ts';
import { type Engine, ON_CALL, openEngine } from '../support/engine.ts';
import { EDGE_LOCK, held, inLine } from '../support/locks.ts';
import { createWorld, type Execution, type Ramp, type World } from '../support/world.ts';

let world: World;
let engine: Engine;
let ramp: Ramp;

beforeAll(async () => {
  world = await createWorld();
  engine = openEngine(world);
  ramp = await world.ramp();
  // A COMMIT that waits: what is checked at its end waits for a lock.
  await world.sql(`create function public.wait_at_the_end() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(20260511); return null; end $$`);
  await world.sql(`create constraint trigger slow_commit after insert on or_projects
    deferrable initially deferred for each row execute function public.wait_at_the_end()`);
});

afterAll(async () => {
  await engine.close();
  await world.close();
});

/** One lane on a plan of so many rows. */
async function lane(executions: readonly Execution[]) {
  const { batch } = await engine.plan({ execution_uuids: executions.map((one) => one.uuid) });
  const slots = createSlots(1, { perSecond: null, now: Date.now, sleep: async () => {} });
  const vendors = createVendorGate(8);
  const range = () => ({ batchId: batch.id, first: 1, last: batch.summary.eligible, locked: false });
  let stopping = false;
  const context = { actor: ON_CALL, whenLocked: 'put_off', gate: vendors } as const;
  let asked = 0;
  const take: typeof engine.ports.turns.take = (...order) => {
    asked += 1;
    return engine.ports.turns.take(...order);
  };
  const ports = { ...engine.ports, turns: { ...engine.ports.turns, take } };
  const drained = drain(ports, slots, range, context, {
    lanes: 1,
    vendors,
    stop: () => stopping,
    onNone: () => false,
    onReplay: async () => {},
  });
  const stop = () => {
    stopping = true;
  };
  return { batch, slots, drained, stop, asked: () => asked };
}

const rows = (n: number) => Promise.all(Array.from({ length: n }, () => world.execution({ ramp })));

/** The executions that nobody holds now. */
async function free(): Promise<number> {
  return (await world.sql('select from or_ramp_executions for update skip locked')).length;
}

beforeEach(async () => {
  await world.sql('truncate or_ramp_executions, or_projects cascade');
});

it('a lane asks for its next row while the COMMIT of the one before is on its way', async () => {
  const slow = await inLine(world, EDGE_LOCK);
  const { drained, asked } = await lane(await rows(2));
  await held(world, /^commit$/, 'engine of a test');
  const meanwhile = asked();
  await slow.release();
  expect((await drained).replays).toHaveLength(2);
  expect(meanwhile).toBe(2);
});

it('a replay that waits for the slot gets it with nothing of the lane’s next row locked', async () => {
  const slow = await inLine(world, EDGE_LOCK);
  const { drained, slots, batch } = await lane(await rows(3));
  await held(world, /^commit$/, 'engine of a test');
  const waiting = slots.use(async () => [
    await free(),
    (await engine.rowsOf(batch)).map((row) => row.outcome),
  ]);
  await slow.release();
  expect(await waiting).toEqual([3, ['success', null, null]]);
  expect((await drained).replays).toHaveLength(3);
  expect((await engine.rowsOf(batch)).map((row) => row.outcome)).toEqual(['success', 'success', 'success']);
});

it('a lane that is stopped meanwhile leaves its next row as it was', async () => {
  const slow = await inLine(world, EDGE_LOCK);
  const { drained, stop, batch } = await lane(await rows(3));
  await held(world, /^commit$/, 'engine of a test');
  stop();
  await slow.release();
  expect((await drained).replays).toMatchObject([{ position: 1, outcome: 'success' }]);
  expect((await engine.rowsOf(batch)).map((row) => row.outcome)).toEqual(['success', null, null]);
  expect(await free()).toBe(3);
});

it('where a row comes to nothing the next one has its own turn, once', async () => {
  const payload = { account: { id: 'acct-gone', name: 'Gone' } };
  const executions = [...(await rows(1)), await world.execution({ ramp, payload }), ...(await rows(2))];
  await world.sql(
    `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
     values ($1, 'account', 'acct-gone', 0, now())`,
    [ramp.vendorId],
  );
  const { drained, batch } = await lane(executions);
  expect((await drained).replays).toHaveLength(4);
  const outcomes = (await engine.rowsOf(batch)).map((row) => [row.outcome, row.errorType]);
  expect(outcomes.filter(([outcome]) => outcome === 'success')).toHaveLength(3);
  expect(outcomes).toContainEqual(['error', 'WorkflowConfigError']);
  expect(await world.sql('select from or_projects')).toHaveLength(3);
  expect(await free()).toBe(4);
});
