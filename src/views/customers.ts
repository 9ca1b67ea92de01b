// A batch's customers in a few words.
import type { Batch } from '../domain/plan.ts';
import { shown } from './words.ts';

const NAMED = 3;

/** `Acme (7), Bluebird (3) and 4 more`, those with the most executions first. */
export function customersInWords({ summary }: Batch): string {
  const { top, vendors } = summary.blastRadius;
  const named = new Map(
    top.map(({ vendorId, vendorName }) => [vendorId, `${shown(vendorName, 40)} (${vendorId})`]),
  );
  const first = [...named.values()].slice(0, NAMED);
  return `${first.join(', ')}${vendors > first.length ? ` and ${vendors - first.length} more` : ''}`;
}
