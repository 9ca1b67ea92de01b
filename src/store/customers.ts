// Customers by their names, as somebody types them.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

export type NamedCustomer = { readonly id: number; readonly name: string };

/** No customer is called that, and the database takes no text with a NUL in it. */
const isName = (name: string) => name.length <= 500 && !name.includes('\0');

/** Of more customers with one name nobody is shown the numbers. */
const MOST_OF_A_NAME = 5;

/**
 * For each of `names`, in the words that were asked with, the customers that are called exactly so, case ignored: none, one, or
 * up to five. Throws as `Tx.query` does.
 */
export async function customersNamed(
  tx: Tx,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly NamedCustomer[]>> {
  const found = await rows(
    tx,
    z.object({ asked: z.string(), id: z.number(), name: z.string() }),
    // One pass over the customers, however many names: nothing is known of an index on them.
    `select asked, id, name from (
       select asked.name as asked, v.id, v.name, row_number() over (partition by asked.name order by v.id) as nth
       from or_vendors v join unnest($1::text[]) as asked (name) on lower(v.name) = lower(asked.name)) found
     where nth <= ${MOST_OF_A_NAME} order by id`,
    [names.filter(isName)],
  );
  const byName = new Map<string, NamedCustomer[]>(names.map((name) => [name, []]));
  for (const { asked, id, name } of found) byName.get(asked)?.push({ id, name });
  return byName;
}
