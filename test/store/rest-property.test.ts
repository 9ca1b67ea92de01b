// What a batch left, on random data: exactly the rows that a plain model says, judged as if they had been picked by hand, and
// whatever of them is gone by now is named. Each data set lives in one transaction that is rolled back.
import fc from 'fast-check';
import { z } from 'zod';
import { rows, type Tx } from '../../src/postgres/tx.ts';
import { cases } from '../support/cases.ts';
import { type Dataset, dataset } from '../support/datasets.ts';
import { sharedEngine } from '../support/engine.ts';
import { planOf } from '../support/model.ts';
import { planWithin, within } from '../support/rolled-back.ts';

const RUNS = cases(2_000);

const { engine } = sharedEngine();

/** What may have become of a row, as the table has it, and whether the contract's words say that it is left. */
const BECAME = {
  succeeded: { outcome: 'success', left: false },
  failed: { outcome: 'error', left: true },
  'not reached': { outcome: 'not_reached', left: true },
  held: { outcome: 'not_reached', held: true, left: true },
  'locked at its turn': { outcome: 'skipped', reason: 'locked', left: true },
  'skipped at its turn': { outcome: 'skipped', reason: 'project_already_exists', left: false },
  'skipped by the plan': { skipped: 'config_error', left: false },
  'never begun': { left: true },
} as const satisfies Record<
  string,
  { outcome?: string; held?: true; reason?: string; skipped?: string; left: boolean }
>;

type Became = keyof typeof BECAME;
const NAMES = Object.keys(BECAME) as Became[];

const SOURCE = '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b';

/** Of ids up to 23 some exist in no data set: executions that were deleted since. */
const asked = fc.record({
  listed: fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 1, max: 23 }), became: fc.constantFrom(...NAMES) }),
    {
      maxLength: 23,
      size: 'max',
      selector: (one) => one.id,
    },
  ),
  vendorIds: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }), { freq: 3 }),
  pattern: fc.option(fc.constantFrom('new', 'e', 'task'), { freq: 3 }),
  forceRetry: fc.boolean(),
  short: fc.boolean(),
  door: fc.constantFrom('http' as const, 'slack' as const),
});

const uuidOf = (id: number) => `eeeeeeee-0000-4000-8000-${String(id).padStart(12, '0')}`;
type Listed = { readonly id: number; readonly became: Became };

/** The ended batch, with a row for each of the list; of another vendor than any where its execution is gone. */
async function storeSource(tx: Tx, data: Dataset, list: readonly Listed[]): Promise<void> {
  const eligible = list.filter(({ became }) => !('skipped' in BECAME[became])).length;
  await tx.query(
    `insert into retry_batch.batches (id, door, status, request, force_retry, suppress_notifications, config_error_types,
       summary, eligible, requested_by, decided_by, started_at, ended_at, chunk_size)
     values ($1, 'slack', 'finished', '{}', false, true, '{}', '{}', $2, '{}', '{}', now(), now(), 25)`,
    [SOURCE, eligible],
  );
  const planned = list.map(({ id, became }, index) => {
    const { left: _, ...state } = BECAME[became];
    const one = data.executions.find((execution) => execution.id === id);
    return { position: index + 1, id, uuid: uuidOf(id), vendorId: one?.vendorId ?? 1, ...state };
  });
  await tx.query(
    `insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
       created_at, workflow_version, drift, skip_reason, outcome, outcome_reason, outcome_error_type, held_because,
       project_uuid, done_at)
     select $1, position, id, uuid, "vendorId", 1, gen_random_uuid(), now(), 1, false, skipped, outcome, reason,
       case when outcome = 'error' then 'E' end, case when held then 'its canary failed' end,
       case when outcome = 'success' then gen_random_uuid() end, case when outcome is not null then now() end
     from jsonb_to_recordset($2) as t (position integer, id bigint, uuid uuid, "vendorId" bigint, skipped text, outcome text,
       reason text, held boolean)`,
    [SOURCE, JSON.stringify(planned)],
  );
}

const storedRow = z.object({ uuid: z.string(), reason: z.string().nullable() });

describe('what a batch left, on any data', () => {
  const seen: Partial<Record<Became, number>> = {};

  it(`is exactly what the model says, ${RUNS} times`, async () => {
    await fc.assert(
      fc.asyncProperty(dataset, asked, async (data, { listed: list, door, short, ...more }) => {
        for (const { became } of list) seen[became] = (seen[became] ?? 0) + 1;
        const left = list.filter(({ became }) => BECAME[became].left).map(({ id }) => uuidOf(id));
        const model = {
          window: null,
          rampUuids: null,
          configErrorTypes: ['KeyError'],
          executionUuids: left,
          ...more,
        };
        const expected = planOf(data.executions, model);
        const isThere = (uuid: string) => data.executions.some((one) => one.uuid === uuid);
        const isNarrowed = more.vendorIds !== null && !more.vendorIds.includes(1);
        const body = {
          rest_of: short ? SOURCE.slice(0, 8) : SOURCE,
          ...(more.vendorIds && { vendor_ids: more.vendorIds }),
          ...(more.pattern !== null && { error_pattern: more.pattern }),
          force_retry: more.forceRetry,
        };
        await within(engine, data, async (tx) => {
          await storeSource(tx, data, list);
          const { batch, notFound } = await planWithin(engine, tx, { model, body }, door);
          const stored = await rows(
            tx,
            storedRow,
            `select execution_uuid as uuid, skip_reason as reason from retry_batch.plan_rows
             where batch_id = $1 order by position`,
            [batch.id],
          );
          const eligible = stored.filter((one) => one.reason === null).map((one) => one.uuid);
          expect(eligible).toEqual(expected.eligible.map((one) => one.uuid));
          expect(new Map(stored.filter((one) => one.reason).map((one) => [one.uuid, one.reason]))).toEqual(
            expected.skipped,
          );
          expect(batch.summary.matched).toBe(stored.length);
          expect(batch).toMatchObject({ window: null, request: { rest_of: SOURCE } });
          // Gone rows were of vendor 1, as far as anybody knows.
          expect(notFound).toEqual(left.filter((uuid) => !isThere(uuid) && !isNarrowed));
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('was tried on rows of which everything had become', () => {
    expect(NAMES.filter((name) => (seen[name] ?? 0) < RUNS / 10)).toEqual([]);
  });
});
