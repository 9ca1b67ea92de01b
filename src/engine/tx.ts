// One open transaction, handed from port to port. The engine decides what happens inside it and in which
// order; only adapters speak SQL through it.
import type { z } from 'zod';

export interface Tx {
  /** Runs one statement. Throws `InfrastructureTrouble` where the database, not the statement, is at fault. */
  query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }>;
}

/** Every row of a statement, checked against its schema. */
export async function rows<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<Schema>[]> {
  const result = await tx.query(text, values);
  return result.rows.map((row) => schema.parse(row));
}

/** The only row of a statement, or undefined where it has none. */
export async function maybeRow<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<Schema> | undefined> {
  const found = await rows(tx, schema, text, values);
  if (found.length > 1) throw new Error(`expected at most one row, got ${found.length}: ${text.trim()}`);
  return found[0];
}

/** The only row of a statement that always has one. */
export async function row<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<Schema>> {
  const found = await maybeRow(tx, schema, text, values);
  if (found === undefined) throw new Error(`expected a row, got none: ${text.trim()}`);
  return found;
}
