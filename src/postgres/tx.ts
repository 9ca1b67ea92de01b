// One open transaction, handed from function to function. The engine decides what happens inside it and in which order;
// the store speaks SQL through it.
import type { z } from 'zod';
import { InfrastructureTrouble } from './errors.ts';

export interface Tx {
  /**
   * Sends one statement, at once and behind those that were sent before it, and resolves with its answer: what needs
   * no answer of another can go together (`together`). Throws `InfrastructureTrouble` where the database, not the
   * statement, is at fault.
   */
  query(statement: Statement, values?: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }>;
  /** Calls `act` once the transaction has committed, and never if it does not; where each statement is its own, at once. */
  afterCommit(act: () => void): void;
}

/** Transactions on one database, each with the limits of what it is for. */
export interface Transactions {
  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it throws. Throws what
   * `work` throws, and InfrastructureTrouble where it did not commit.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** The same for planning, which may take as long as the operator allowed a dry run. */
  planning<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Single statements, each its own transaction. */
  readonly autocommit: Tx;
  /** The same for whoever reads much, over connections that decisions and replays don't need. */
  readonly reading: Tx;
}

/** SQL text; or, where it runs again and again with the same best plan, text that each connection plans once. */
export type Statement = string | { readonly name: string; readonly text: string };

/** A statement that each connection plans once. Its name is its own in the whole program. */
export function prepared(name: string, text: string): Statement {
  return { name, text };
}

const IN_FAILED_TRANSACTION = '25P02';

/**
 * The answers of statements that were sent together, when all have come. Throws what went wrong first: a
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

function isAftermath(reason: unknown): boolean {
  return reason instanceof InfrastructureTrouble && reason.sqlState === IN_FAILED_TRANSACTION;
}

function textOf(statement: Statement): string {
  return (typeof statement === 'string' ? statement : statement.text).trim();
}

/**
 * Every row of a statement, checked against its schema. Throws as `Tx.query` does, and a ZodError where a row is another than
 * that.
 */
export async function rows<Schema extends z.ZodType>(
  tx: Tx,
  schema: Schema,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<z.output<Schema>[]> {
  const result = await tx.query(statement, values);
  return result.rows.map((row) => schema.parse(row));
}

/** The only row of a statement, or undefined where it has none. Throws as `rows` does, and an Error where there are several. */
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

/** The only row of a statement that always has one. Throws as `maybeRow` does, and an Error where there is none. */
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
