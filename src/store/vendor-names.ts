// The names of customers, for whoever shows their ids.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

export type VendorName = { readonly id: number; readonly name: string };

/** Of these ids, or of the first so many; one that names nobody is missing. Throws as `Tx.query` does. */
export async function vendorNames(tx: Tx, ids: readonly number[], most = ids.length): Promise<VendorName[]> {
  if (ids.length === 0) return [];
  return rows(
    tx,
    z.object({ id: z.number(), name: z.string() }),
    `select id, left(name, 200) as name from or_vendors where id = any ($1)`,
    [ids.slice(0, most)],
  );
}
