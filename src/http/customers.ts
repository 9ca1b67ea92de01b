// An answer's customers: each with its part of the plan, what this call did for it, and how many of its projects are missing.
import type { Planned } from '../engine/plan/ask.ts';
import type { Tx } from '../postgres/tx.ts';
import { customerFigures } from '../store/customer-figures.ts';
import type { VendorRamp } from '../store/plan-summary.ts';
import { vendorNames } from '../store/vendor-names.ts';
import { plain } from '../text/untrusted.ts';

/** As much of a name as is told. */
const NAME = 200;

type Customer = {
  readonly vendor_id: number;
  readonly name: string;
  readonly matched: number;
  readonly eligible: number;
  readonly skipped: number;
  readonly success: number;
  readonly error: number;
  readonly missing: number;
};

/**
 * All customers of the plan, those with the most eligible executions first. Eligible means that the project is missing; of the
 * rows that the call tried the database is asked again, and those that it did not try are as they were. Throws as `Tx.query` does.
 */
export async function customersOf(tx: Tx, { batch, pairs }: Planned): Promise<Customer[]> {
  const planned = byVendor(pairs);
  const ids = [...planned.keys()];
  const [names, tried] = await Promise.all([
    vendorNames(tx, ids),
    batch.request.dry_run ? [] : customerFigures(tx, batch.id, 'eligible'),
  ]);
  const nameOf = new Map(names.map(({ id, name }) => [id, plain(name, NAME)]));
  const triedOf = new Map(tried.map((one) => [one.vendorId, one]));
  return [...planned].map(([vendorId, { matched, eligible }]) => {
    const done = triedOf.get(vendorId);
    return {
      vendor_id: vendorId,
      name: nameOf.get(vendorId) ?? '',
      matched,
      eligible,
      skipped: matched - eligible,
      success: done?.succeeded ?? 0,
      error: done?.failed ?? 0,
      missing: eligible - (done === undefined ? 0 : done.eligible - done.missing),
    };
  });
}

type Part = { readonly matched: number; readonly eligible: number };

function byVendor(pairs: readonly VendorRamp[]): ReadonlyMap<number, Part> {
  const parts = new Map<number, Part>();
  for (const { vendor_id: id, count, eligible } of pairs) {
    const { matched, eligible: before } = parts.get(id) ?? { matched: 0, eligible: 0 };
    parts.set(id, { matched: matched + count, eligible: before + eligible });
  }
  const byEligible = (a: [number, Part], b: [number, Part]) =>
    b[1].eligible - a[1].eligible || b[1].matched - a[1].matched || a[0] - b[0];
  return new Map([...parts].sort(byEligible));
}
