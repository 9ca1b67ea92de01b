// Customers on random data against a plain model: what was planned for each, what became of it, and which projects are missing.
// The sums over all customers are the closing equation's. Each data set lives in one transaction that is rolled back.
import fc from 'fast-check';
import { type CustomerFigures, missingOf } from '../../src/domain/customers.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { customerFigures } from '../../src/store/customer-figures.ts';
import { recount } from '../../src/store/recount.ts';
import { cases } from '../support/cases.ts';
import { dataset, request } from '../support/datasets.ts';
import { sharedEngine } from '../support/engine.ts';
import { type ModelExecution, planOf } from '../support/model.ts';
import { planWithin, within } from '../support/rolled-back.ts';

const RUNS = cases(2_000);

const { engine } = sharedEngine();

/** What may become of an eligible row, and as which figure it counts. */
const FATES = {
  succeeded: { outcome: 'success', counts: 'succeeded' },
  failed: { outcome: 'error', counts: 'failed' },
  'skipped at its turn': { outcome: 'skipped', reason: 'status_not_error', counts: 'skippedAtTurn' },
  'not reached': { outcome: 'not_reached', counts: 'notReached' },
  held: { outcome: 'not_reached', held: true, counts: 'notReached' },
  'never begun': { counts: 'notReached' },
} as const satisfies Record<string, { outcome?: string; reason?: string; held?: true; counts: string }>;

type Fate = keyof typeof FATES;

/** Of each execution: what becomes of it where it is eligible, and whether it has a project at the end, whoever made it. */
const fates = fc.array(
  fc.record({
    fate: fc.constantFrom(...(Object.keys(FATES) as Fate[]), ...Array<Fate>(4).fill('succeeded')),
    project: fc.boolean(),
  }),
  { minLength: 20, maxLength: 20 },
);

type Ended = ModelExecution & { readonly fate: Fate; readonly hasProject: boolean };

/** Gives the rows of the plan their outcomes, and the executions their projects. */
async function end(tx: Tx, batchId: string, all: readonly Ended[]): Promise<void> {
  const rows = all.map(({ id, fate, hasProject, projects }) => {
    const { counts: _, ...state } = FATES[fate];
    return { id, ...state, make: hasProject && projects === 0 };
  });
  await tx.query(
    `with d as materialized (
       select * from jsonb_to_recordset($2) as d (id bigint, outcome text, reason text, held boolean, make boolean)),
     made as (
       insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
       select e.vendor_id, e.id, e.ramp_id, e.id, 'project', now() from d join or_ramp_executions e using (id) where make)
     update retry_batch.plan_rows t set outcome = d.outcome, outcome_reason = d.reason,
       outcome_error_type = case when d.outcome = 'error' then 'E' end, held_because = case when held then 'x' end,
       project_uuid = case when d.outcome = 'success' then gen_random_uuid() end,
       done_at = case when d.outcome is not null then now() end
     from d where t.batch_id = $1 and t.execution_id = d.id and t.skip_reason is null`,
    [batchId, JSON.stringify(rows)],
  );
}

/** The figures of every customer that the plan matched something of, from the contract's words alone. */
function figuresOf(
  all: readonly Ended[],
  { eligible, skipped }: { eligible: ReadonlySet<string>; skipped: ReadonlySet<string> },
): Map<number, Omit<CustomerFigures, 'vendorId' | 'name'>> {
  const there = (one: Ended) =>
    all.some(
      (other) =>
        other.hasProject &&
        (other.id === one.id || (other.ramp.id === one.ramp.id && other.triggerKey === one.triggerKey)),
    );
  const figures = new Map<number, Record<keyof Omit<CustomerFigures, 'vendorId' | 'name'>, number>>();
  for (const one of all) {
    if (!eligible.has(one.uuid) && !skipped.has(one.uuid)) continue;
    const of = figures.get(one.vendorId) ?? {
      ...{ matched: 0, eligible: 0, skipped: 0, succeeded: 0, failed: 0, skippedAtTurn: 0, notReached: 0 },
      ...{ missing: 0, created: 0, leftAlone: 0 },
    };
    figures.set(one.vendorId, of);
    of.matched += 1;
    if (skipped.has(one.uuid)) {
      of.skipped += 1;
      of.leftAlone += there(one) ? 0 : 1;
      continue;
    }
    of.eligible += 1;
    of[FATES[one.fate].counts] += 1;
    of.missing += there(one) ? 0 : 1;
    of.created += one.fate === 'succeeded' && there(one) ? 1 : 0;
  }
  return figures;
}

describe('the customers of a plan, on any data', () => {
  const seen = { others: 0, created: 0, missing: 0, leftAlone: 0 };

  it(`are what the model says, before and after, ${RUNS} times`, async () => {
    await fc.assert(
      fc.asyncProperty(dataset, request, fates, async (data, asked, ends) => {
        const plan = planOf(data.executions, asked.model);
        const eligible = new Set(plan.eligible.map(({ uuid }) => uuid));
        const skipped = new Set(plan.skipped.keys());
        const all = data.executions.map((one, index): Ended => {
          const { fate = 'failed', project = false } = ends[index] ?? {};
          return { ...one, fate, hasProject: one.projects > 0 || project };
        });
        await within(engine, data, async (tx) => {
          const { batch } = await planWithin(engine, tx, asked, 'slack');
          for (const one of await customerFigures(tx, batch.id)) expect(one.missing).toBe(one.eligible);
          await end(tx, batch.id, all);
          const customers = await customerFigures(tx, batch.id);
          const told = new Map(customers.map(({ vendorId, name: _, ...figures }) => [vendorId, figures]));
          expect(told).toEqual(figuresOf(all, { eligible, skipped }));

          const { own } = await recount(tx, batch.id, 'database');
          const sum = (figure: (one: CustomerFigures) => number) =>
            customers.reduce((before, one) => before + figure(one), 0);
          expect({
            matched: sum((c) => c.matched),
            succeeded: sum((c) => c.succeeded),
            failed: sum((c) => c.failed),
            skipped: sum((c) => c.skipped + c.skippedAtTurn),
            notReached: sum((c) => c.notReached),
          }).toEqual(own);
          expect(sum((c) => c.eligible + c.skipped)).toBe(own.matched);
          const missing = missingOf(customers);
          expect(missing.projects).toBe(missing.created + missing.others + missing.missing);
          for (const figure of ['others', 'created', 'missing', 'leftAlone'] as const)
            seen[figure] += missing[figure] > 0 ? 1 : 0;
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('were tried with every figure many times', () => {
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(RUNS / 50);
  });
});
