// How Postgres finds a run's next row, also when its statistics say that hardly any row is left.

import { z } from 'zod';
import { rows } from '../../src/postgres/tx.ts';
import { takeRow } from '../../src/store/claim.ts';
import { sharedEngine } from '../support/engine.ts';

const { world, engine } = sharedEngine();

it('taking a row reads the plan row by row from where it looks, and never all that is left to sort it', async () => {
  const { batch } = await engine.plan({
    execution_uuids: [(await world.execution({ ramp: await world.ramp() })).uuid],
  });
  // A score of plans, all of them done: a row that is still open is what the planner expects least.
  await world.sql(
    `with copies as (
       insert into retry_batch.batches
       select (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid()))).*
       from retry_batch.batches b, generate_series(1, 20) where b.id = $1
       returning id)
     insert into retry_batch.plan_rows
     select (jsonb_populate_record(t, jsonb_build_object('batch_id', copies.id, 'position', n, 'outcome', 'skipped', 'outcome_reason', 'locked', 'done_at', now()))).*
     from retry_batch.plan_rows t, copies, generate_series(1, 2000) n where t.batch_id = $1`,
    [batch.id],
  );
  await world.sql('analyze retry_batch.plan_rows');
  const range = { batchId: batch.id, first: 1, last: 3000, state: 'open', busyVendors: [] } as const;
  const plan = await engine.ports.db.transaction(async (tx) => {
    await takeRow(tx, range);
    const steps = z.object({ 'QUERY PLAN': z.string() });
    const explain = `explain (costs off) execute "take open" ('${batch.id}', 1, 3000, '{}', '{}')`;
    return (await rows(tx, steps, explain)).map((step) => step['QUERY PLAN']);
  });
  expect(plan.join('\n')).toContain('Index Scan using plan_rows_pkey on plan_rows t');
  expect(plan.join('\n')).not.toContain('Sort');
});
