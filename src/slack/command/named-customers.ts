// Customers by name, where numbers are expected: `vendor="Foxglove Retail"`. Must never choose: of two customers with one name,
// and of one name that is also a list of two, only whoever typed it knows.
import type { RequestField } from '../../domain/request.ts';
import type { Customers } from './customers.ts';
import type { GivenValue } from './given.ts';
import { quote } from './problem.ts';

/** What is said of names beside their numbers. */
export type Named = { readonly problems: readonly string[]; readonly notes: readonly string[] };

export const NOTHING: Named = { problems: [], notes: [] };

/** The value with the number of each customer that was looked up and is the only one of that name. */
export function named(
  field: RequestField,
  value: GivenValue,
  customers: Customers,
): [RequestField, GivenValue, Named] {
  if (value.kind !== 'word' || !/\p{L}/u.test(value.text)) return [field, value, NOTHING];
  const text = value.text.trim();
  const items = text.split(',').map((item) => item.trim());
  const whole = customers(text) ?? [];
  const isList =
    items.length > 1 && items.every((item) => /^\d+$/.test(item) || (customers(item) ?? []).length > 0);
  if (whole.length > 0 && isList)
    return [
      field,
      value,
      {
        ...NOTHING,
        problems: [`${quote(text)} is one customer's name and several ones'; write their numbers`],
      },
    ];
  const names = whole.length > 0 ? [text] : items;
  const problems: string[] = [];
  const notes: string[] = [];
  const ids = names.map((name) => {
    if (/^\d*$/.test(name) || name.startsWith('<')) return name;
    const found = customers(name);
    const [first] = found ?? [];
    if (found === undefined) return name;
    if (first === undefined)
      problems.push(`${quote(name)} is no customer's whole name; write it as OnRamp has it, or the number`);
    else if (found.length > 1)
      problems.push(
        `${quote(name)} is the name of several customers (${found.map(({ id }) => id).join(', ')}); write the number`,
      );
    else {
      notes.push(`vendor ${quote(name)} is ${first.name} (${first.id})`);
      return String(first.id);
    }
    return name;
  });
  return [field, { ...value, text: ids.join(',') }, { problems, notes }];
}
