// Plans on random data against a plain model of the contract: the same rows, reasons, order, counts. Each data set
// lives in one transaction that is rolled back.

import fc from 'fast-check';
import { z } from 'zod';
import type { Batch } from '../../src/domain/plan.ts';
import { JUDGED_FILTERS } from '../../src/domain/skip-filters.ts';
import { rows, type Tx } from '../../src/postgres/tx.ts';
import { evidenceOf, judge } from '../../src/store/judgement.ts';
import { cases } from '../support/cases.ts';
import { type Dataset, dataset, request } from '../support/datasets.ts';
import { sharedEngine } from '../support/engine.ts';
import { type ModelPlan, planOf, reasonOf } from '../support/model.ts';
import { planWithin, within } from '../support/rolled-back.ts';

const RUNS = cases(10_000);

const { engine } = sharedEngine();

const storedRow = z.object({
  position: z.number(),
  uuid: z.string(),
  reason: z.string().nullable(),
  drift: z.boolean(),
});

function storedRows(tx: Tx, batch: Batch) {
  return rows(
    tx,
    storedRow,
    `select position, execution_uuid as uuid, skip_reason as reason, drift
     from retry_batch.plan_rows where batch_id = $1 order by position`,
    [batch.id],
  );
}

/** The counts that an operator decides by, from the model's rows. */
function summaryOf(data: Dataset, expected: ModelPlan) {
  const { eligible, skipped } = expected;
  const matched = [...eligible, ...data.executions.filter((one) => skipped.has(one.uuid))];
  const vendorOf = new Map(data.vendors.map((vendor) => [vendor.id, vendor]));
  const vendors = eligible.map((one) => vendorOf.get(one.vendorId));
  const notified = vendors.filter((vendor) => vendor?.webhook || vendor?.email);
  return {
    matched: eligible.length + skipped.size,
    eligible: eligible.length,
    skipped: skipped.size,
    skippedByReason: tally([...skipped.values()]),
    drifted: eligible.filter((one) => one.version !== one.ramp.version).length,
    notifications: {
      webhooks: vendors.filter((vendor) => vendor?.webhook).length,
      emails: vendors.filter((vendor) => vendor?.email).length,
      customers: new Set(notified).size,
    },
    pairs: tally(matched.map((one) => `${one.vendorId}/${one.ramp.id}`)),
    vendors: new Set(matched.map((one) => one.vendorId)).size,
  };
}

function tally(list: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of list) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

describe('a dry run on any data', () => {
  const seen: Record<string, number> = {};

  it(`says what the contract says, ${RUNS} times`, async () => {
    await fc.assert(
      fc.asyncProperty(dataset, request, async (data, asked) => {
        const expected = planOf(data.executions, asked.model);
        await within(engine, data, async (tx) => {
          const { batch, notFound } = await planWithin(engine, tx, asked);
          const stored = await storedRows(tx, batch);
          const eligible = stored.filter((row) => row.reason === null);
          expect(stored.map((row) => row.position)).toEqual(stored.map((_, index) => index + 1));
          expect(stored.slice(0, eligible.length)).toEqual(eligible);
          expect(eligible.map((row) => row.uuid)).toEqual(expected.eligible.map((one) => one.uuid));
          expect(new Map(stored.filter((row) => row.reason).map((row) => [row.uuid, row.reason]))).toEqual(
            expected.skipped,
          );
          expect(eligible.map((row) => row.drift)).toEqual(
            expected.eligible.map((one) => one.version !== one.ramp.version),
          );
          expect(notFound).toEqual(expected.notFound);
          const { blastRadius, errorGroups, customers, revoked, ...counts } = batch.summary;
          const { pairs, vendors, ...expectedCounts } = summaryOf(data, expected);
          expect(counts).toEqual(expectedCounts);
          expect(counts.matched).toBe(counts.eligible + counts.skipped);
          expect([blastRadius.pairs, blastRadius.vendors]).toEqual([Object.keys(pairs).length, vendors]);
          for (const { vendorId, rampId, count } of blastRadius.top)
            expect(count).toBe(pairs[`${vendorId}/${rampId}`]);
          expect(customers?.all).toBe(new Set(expected.eligible.map((one) => one.vendorId)).size);
          for (const { vendorId, count } of customers?.top ?? [])
            expect(count).toBe(expected.eligible.filter((one) => one.vendorId === vendorId).length);
          expect(revoked?.all ?? 0).toBeLessThanOrEqual(customers?.all ?? 0);
          expect(errorGroups.groups >= errorGroups.top.length).toBe(true);
          for (const reason of [...expected.skipped.values(), ...expected.eligible.map(() => 'eligible')]) {
            seen[reason] = (seen[reason] ?? 0) + 1;
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('was tried on data that has every reason many times', () => {
    const few = JUDGED_FILTERS.map((filter) => filter.reason).filter(
      (reason) => (seen[reason] ?? 0) < RUNS / 60,
    );
    expect(few).toEqual(['outside_time_window']);
    expect(seen.eligible).toBeGreaterThan(RUNS / 5);
  });
});

describe('a row judged again at its turn, on any data', () => {
  it(`gets the reason that the contract gives it, ${RUNS / 4} times`, async () => {
    await fc.assert(
      fc.asyncProperty(dataset, request, async (data, asked) => {
        await within(engine, data, async (tx) => {
          const { batch } = await planWithin(engine, tx, asked);
          for (const one of data.executions) {
            const row = {
              batchId: batch.id,
              position: 1,
              executionId: one.id,
              executionUuid: one.uuid,
              vendorId: 0,
            };
            await tx.query(`select set_config('retry_batch.claimed', $1, true)`, [row.executionId]);
            const judged = await judge(tx, batch.id);
            const reason = judged?.reason ?? null;
            expect(reason).toBe(reasonOf(data.executions, asked.model, one));
            if (reason !== null) expect(await evidenceOf(tx, row, reason)).not.toBe('');
          }
        });
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });
});
