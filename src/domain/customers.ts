// Who was hit, and who still is: a plan's executions by customer, and the projects that are missing.
import { z } from 'zod';

/** One customer's part of a plan: `matched = eligible + skipped`. */
export type CustomerPlan = {
  readonly vendorId: number;
  readonly name: string;
  readonly matched: number;
  readonly eligible: number;
  /** By the plan. */
  readonly skipped: number;
};

/**
 * The same with what became of it. Once the run has ended, `eligible = succeeded + failed + skippedAtTurn + notReached`; the
 * sums over all customers are the closing equation's.
 */
export type CustomerFigures = CustomerPlan & {
  readonly succeeded: number;
  readonly failed: number;
  readonly skippedAtTurn: number;
  /** Without an outcome, for whatever reason. */
  readonly notReached: number;
  /** Eligible ones without a project of their execution or of their trigger. */
  readonly missing: number;
  /** Eligible ones whose project is there and is this run's. */
  readonly created: number;
  /** Skipped by the plan, and without a project, too. */
  readonly leftAlone: number;
};

/** What is missing of all customers together: `projects = created + others + missing`. */
export type Missing = {
  /** How many were missing when the run began: one for each eligible execution, whose triggers differ. */
  readonly projects: number;
  /** Of how many customers. */
  readonly customers: number;
  /** By the run. */
  readonly created: number;
  /** There by now and not the run's: made by hand, or by the live application. */
  readonly others: number;
  readonly missing: number;
  readonly missingCustomers: number;
  /** Executions that the plan left alone and that have none either. */
  readonly leftAlone: number;
};

const whole = z.number().int().nonnegative();

/** The same, as the audit trail keeps it. */
export const MISSING = z.object({
  projects: whole,
  customers: whole,
  created: whole,
  others: whole,
  missing: whole,
  missingCustomers: whole,
  leftAlone: whole,
}) satisfies z.ZodType<Missing>;

/** Sums up. */
export function missingOf(customers: readonly CustomerFigures[]): Missing {
  const sum = (figure: (one: CustomerFigures) => number) =>
    customers.reduce((all, one) => all + figure(one), 0);
  const [projects, created, missing] = [sum((c) => c.eligible), sum((c) => c.created), sum((c) => c.missing)];
  return {
    projects,
    customers: customers.filter(({ eligible }) => eligible > 0).length,
    created,
    others: projects - created - missing,
    missing,
    missingCustomers: customers.filter((one) => one.missing > 0).length,
    leftAlone: sum((c) => c.leftAlone),
  };
}
