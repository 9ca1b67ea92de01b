// Between two rows of a worker: until the COMMIT of the one is through, nothing of the next is touched.

import { replayRows } from '../../src/engine/replay/pool.ts';
import { createSlots } from '../../src/engine/replay/slots.ts';
import { createVendorGate } from '../../src/engine/replay/vendor-gate.ts';
import { ON_CALL, sharedEngine } from '../support/engine.ts';
import { EDGE_LOCK, held, inLine } from '../support/locks.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, engine } = sharedEngine();
let ramp: Ramp;

beforeAll(async () => {
  ramp = await world.ramp();
  // A COMMIT that waits: what is checked at its end waits for a lock.
  await world.sql(`create function public.wait_at_the_end() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(20260511); return null; end $$`);
  await world.sql(`create constraint trigger slow_commit after insert on or_projects
    deferrable initially deferred for each row execute function public.wait_at_the_end()`);
});

/** One worker on a plan of these rows. */
async function worker(executions: readonly Execution[]) {
  const { batch } = await engine.plan({ execution_uuids: executions.map((one) => one.uuid) });
  const slots = createSlots(1, { perSecond: null, now: Date.now, sleep: async () => {} });
  const vendors = createVendorGate(8);
  const range = () => ({ batchId: batch.id, first: 1, last: batch.summary.eligible, state: 'open' }) as const;
  let stopping = false;
  const context = { actor: ON_CALL, whenLocked: 'defer', gate: vendors } as const;
  const workedOff = replayRows(engine.ports, range, context, {
    workers: 1,
    slots,
    stop: () => stopping,
    onNone: () => false,
    onReplay: async () => {},
  });
  const stop = () => {
    stopping = true;
  };
  return { batch, slots, workedOff, stop };
}

const rows = (n: number) => Promise.all(Array.from({ length: n }, () => world.execution({ ramp })));

/** The executions that nobody holds now. */
async function free(): Promise<number> {
  return (await world.sql('select from or_ramp_executions for update skip locked')).length;
}

beforeEach(async () => {
  await world.sql('truncate or_ramp_executions, or_projects cascade');
});

it('a replay that waits for the slot gets it with nothing of the worker’s next row locked', async () => {
  const slow = await inLine(world, EDGE_LOCK);
  const { workedOff, slots, batch } = await worker(await rows(3));
  await held(world, /^commit$/, 'engine of a test');
  const waiting = slots.use(async () => [
    await free(),
    (await engine.rowsOf(batch)).map((row) => row.outcome),
  ]);
  await slow.release();
  expect(await waiting).toEqual([3, ['success', null, null]]);
  expect((await workedOff).replays).toHaveLength(3);
  expect((await engine.rowsOf(batch)).map((row) => row.outcome)).toEqual(['success', 'success', 'success']);
});

it('a worker that is stopped meanwhile leaves its next row as it was', async () => {
  const slow = await inLine(world, EDGE_LOCK);
  const { workedOff, stop, batch } = await worker(await rows(3));
  await held(world, /^commit$/, 'engine of a test');
  stop();
  await slow.release();
  expect((await workedOff).replays).toMatchObject([{ position: 1, outcome: 'success' }]);
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
  const { workedOff, batch } = await worker(executions);
  expect((await workedOff).replays).toHaveLength(4);
  const outcomes = (await engine.rowsOf(batch)).map((row) => [row.outcome, row.errorType]);
  expect(outcomes.filter(([outcome]) => outcome === 'success')).toHaveLength(3);
  expect(outcomes).toContainEqual(['error', 'WorkflowConfigError']);
  expect(await world.sql('select from or_projects')).toHaveLength(3);
  expect(await free()).toBe(4);
});
