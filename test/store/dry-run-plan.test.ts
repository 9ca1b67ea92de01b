// How Postgres reads a dry run of everything that failed.
import { z } from 'zod';
import { asked, dryRunScans } from '../../src/commands/advice/dry-run.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { row, type Tx } from '../../src/postgres/tx.ts';
import { sharedEngine } from '../support/engine.ts';

const ALL = { since: '2026-01-01T00:00:00Z' as Instant, until: '2026-06-01T00:00:00Z' as Instant };

const { world, engine } = sharedEngine();

beforeAll(async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp, createdAt: '2026-01-01T00:00:00Z' });
  // One in ten failed, with a few hundred bytes of log each.
  await world.sql(
    `insert into or_ramp_executions
     select (jsonb_populate_record(e, jsonb_build_object('id', e.id + n, 'execution_uuid', gen_random_uuid(),
       'trigger_key', 'trigger ' || n, 'created_at', e.created_at + n * interval '5 minutes',
       'status_code', case when n % 10 = 0 then 'ERROR' else 'SUCCESS' end,
       'logs', jsonb_build_array(repeat('a step of the workflow ', 20)) || e.logs))).*
     from or_ramp_executions e, generate_series(1, 20000) n`,
  );
  await world.sql('vacuum (analyze) or_ramp_executions');
});

const readWhole = async (tx: Tx) => asked(await dryRunScans(tx, ALL, null)).map(({ whole }) => whole);

it('a dry run of everything that failed does not read what succeeded, as Postgres would by itself', async () => {
  expect(await engine.ports.db.transaction(readWhole)).toEqual([true]);
  expect(await engine.ports.db.planning(readWhole)).toEqual([false]);
});

it('a dry run is not compiled first, which takes longer than a dry run of 10,000', async () => {
  const setting = async (tx: Tx) =>
    (await row(tx, z.object({ jit: z.string() }), `select current_setting('jit') as jit`)).jit;
  expect(await engine.ports.db.planning(setting)).toBe('off');
});
