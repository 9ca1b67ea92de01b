// One open transaction, handed from port to port. The engine decides what happens inside it and in which
// order; only adapters speak SQL through it.
import type { z } from 'zod';
import { InfrastructureTrouble } from './errors.ts';

export interface Tx {
  /**
   * Sends one statement, at once and behind those that were sent before it, and resolves with its answer: what needs
   * no answer of another can go in one flight (`together`). Throws `InfrastructureTrouble` where the database, not the
   * statement, is at fault.
   */
  query(statement: Statement, values?: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }>;
}

/** Transactions one after the other on one connection. One caller at a time; whoever has it closes it. */
export interface Line<Opened> {
  /**
   * One READ COMMITTED transaction: `open` sends its first statements, `work` goes on from there; committed when that
   * resolves, rolled back when it throws. Where the one before has opened it already, `open` is not called.
   */
  transaction<Result>(
    open: (tx: Tx) => Opened,
    work: (tx: LineTx<Opened>, opened: Opened) => Promise<Result>,
  ): Promise<Result>;
  /** Rolls back what was opened ahead and will not be gone on with. */
  close(): Promise<void>;
}

/** A transaction that the work in it may end by itself. */
export interface LineTx<Opened> extends Tx {
  /**
   * Sends COMMIT behind the statements that were sent, without waiting for their answers: where one of them fails, it
   * takes everything back. Nothing may be sent after it. With `openNext` the line's next transaction is opened in the
   * same flight; it is rolled back where this one does not commit. Throws where it did not commit.
   */
  commit(openNext?: (tx: Tx) => Opened): Promise<void>;
}

/** SQL text; or, where it runs again and again with the same best plan, text that each connection plans once. */
export type Statement = string | { readonly name: string; readonly text: string };

/** A statement that each connection plans once. Its name is its own in the whole program. */
export function prepared(name: string, text: string): Statement {
  return { name, text };
}

const IN_FAILED_TRANSACTION = '25P02';

/**
 * The answers of statements that were sent in one flight, when all have come. Throws what went wrong first: a
 * statement that was only refused because one before it had failed is not that.
 */
export async function together<const Sent extends readonly (Promise<unknown> | null)[]>(
  ...sent: Sent
): Promise<{ [Index in keyof Sent]: Awaited<Sent[Index]> }> {
  const ends = await Promise.allSettled(sent);
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (reasons.length > 0) throw reasons.find((reason) => !isAftermath(reason)) ?? reasons[0];
  return Promise.all(sent) as Promise<{ [Index in keyof Sent]: Awaited<Sent[Index]> }>;
}

/** Statements in flight whose answers are asked for later; until then nobody need hear of their failure. */
export function inFlight<Answers>(answers: Promise<Answers>): Promise<Answers> {
  answers.catch(() => {});
  return answers;
}

function isAftermath(reason: unknown): boolean {
  return reason instanceof InfrastructureTrouble && reason.sqlState === IN_FAILED_TRANSACTION;
}

function textOf(statement: Statement): string {
  return (typeof statement === 'string' ? statement : statement.text).trim();
}

/** Every row of a statement, checked against its schema. */
export async function rows<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<z.output<Schema>[]> {
  const result = await tx.query(statement, values);
  return result.rows.map((row) => schema.parse(row));
}

/** The only row of a statement, or undefined where it has none. */
export async function maybeRow<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<z.output<Schema> | undefined> {
  const found = await rows(tx, schema, statement, values);
  if (found.length > 1)
    throw new Error(`expected at most one row, got ${found.length}: ${textOf(statement)}`);
  return found[0];
}

/** The only row of a statement that always has one. */
export async function row<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<z.output<Schema>> {
  const found = await maybeRow(tx, schema, statement, values);
  if (found === undefined) throw new Error(`expected a row, got none: ${textOf(statement)}`);
  return found;
}
