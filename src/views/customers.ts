// A batch's customers in a few words.
import { type Batch, customersOf } from '../domain/plan.ts';
import { shown } from './words.ts';

const NAMED = 3;

/** `Acme (7), Bluebird (3) and 4 more`, those with the most eligible executions first; nothing where nothing is eligible. */
export function customersInWords({ summary }: Batch): string {
  const { top, all } = customersOf(summary);
  const first = top.slice(0, NAMED).map(({ vendorId, name }) => `${shown(name, 40)} (${vendorId})`);
  return `${first.join(', ')}${all > first.length ? ` and ${all - first.length} more` : ''}`;
}
