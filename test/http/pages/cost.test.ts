// What a page of a large batch costs the database, in the pages of its own that it reads: the last one no more than the first.

import { EVERY_ROW } from '../../../src/domain/batch-row.ts';
import { PAGE } from '../../../src/http/pages/batches/moment.ts';
import type { Tx } from '../../../src/postgres/tx.ts';
import { type From, rowsOf } from '../../../src/store/batch-rows.ts';
import { startShift } from '../../runs/shift.ts';
import { shared } from '../../support/shared.ts';
import { until } from '../../support/until.ts';
import { sharedReader } from './reader.ts';
import { MINUTE, manyRows } from './scenes.ts';

const COUNT = 100_000;

const shift = shared(() => startShift());
const reader = sharedReader(shift);
const batchId = shared(async () => {
  const ramp = await shift.world.ramp();
  // Nobody gathers statistics but the test.
  await shift.world.sql('alter table retry_batch.plan_rows set (autovacuum_enabled = false)');
  const from = Date.parse('2026-05-11T08:00:00Z');
  return {
    id: await manyRows(shift.world, await shift.plan(), { ramp, count: COUNT, from, to: from + 60 * MINUTE }),
  };
});

type Node = { 'Shared Hit Blocks': number; 'Shared Read Blocks': number };

/** How many blocks reading a page touches, as Postgres explains it. */
async function blocks(from: From, filter = EVERY_ROW): Promise<number> {
  let touched = 0;
  const client = await shift.world.connect();
  await client.query(PAGE.begin);
  const explained: Tx = {
    query: async (statement, values = []) => {
      const text = typeof statement === 'string' ? statement : statement.text;
      const [found] = (
        await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
          `explain (analyze, buffers, format json) ${text}`,
          [...values],
        )
      ).rows;
      if (found === undefined) throw new Error('Postgres explained nothing');
      const [{ Plan: plan }] = found['QUERY PLAN'];
      touched += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      return { rows: [], rowCount: 0 };
    },
    afterCommit: () => {},
  };
  await rowsOf(explained, batchId.id, filter, from, 101);
  await client.end();
  return touched;
}

it('of a hundred thousand rows the last page costs what the first one costs, from either side, whatever the statistics say', async () => {
  const costs = async () => ({
    first: await blocks({ kind: 'after', position: 0 }),
    middle: await blocks({ kind: 'after', position: COUNT / 2 }),
    last: await blocks({ kind: 'after', position: COUNT - 100 }),
    end: await blocks({ kind: 'last' }),
  });
  for (const state of [await costs(), await shift.world.sql('analyze retry_batch.plan_rows').then(costs)]) {
    expect(Math.min(...Object.values(state))).toBeGreaterThan(0);
    expect(Math.max(...Object.values(state))).toBeLessThan(2 * state.first + 20);
    expect(state.first).toBeLessThan(500);
  }
});

it('a file of a hundred thousand rows is sent as it is read: whoever stops reading it holds no connection', async () => {
  const cookie = await shift.world.session((await shift.world.user()).id);
  const response = await fetch(`${shift.app.url}/batches/${batchId.id}/rows.csv`, { headers: { cookie } });
  const body = response.body?.getReader();
  expect((await body?.read())?.value?.length).toBeGreaterThan(1000);
  await until('nobody reads for it', async () => {
    const [busy] = await shift.world.sql<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and application_name = 'retry-batch pages' and state <> 'idle'`,
    );
    return busy?.n === 0;
  });
  await body?.cancel();
  const lines = await reader.csv(`/batches/${batchId.id}/rows.csv`);
  expect(lines).toHaveLength(COUNT + 1);
});
