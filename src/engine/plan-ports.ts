// What planning needs: classifying, storing and summing up.
import type { Instant } from '../domain/instant.ts';
import type { PlanSummary } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import type { Tx } from '../postgres/tx.ts';

export interface Plans {
  /** The database's now(), microseconds and all: the window's end where the request leaves it open. */
  now(tx: Tx): Promise<Instant>;
  /** Classifies every matched execution and stores the plan's rows; null: more than allowed. */
  writeRows(tx: Tx, plan: PlanRows): Promise<Written | null>;
  /**
   * The counts by reason, vendor, ramp and error group over the stored rows; with `everyPair` also how many rows each
   * vendor and ramp has, of which the summary keeps the largest.
   */
  summarize(
    tx: Tx,
    batchId: string,
    everyPair: boolean,
  ): Promise<{ summary: PlanSummary; pairs: readonly VendorRamp[] }>;
  /** Requested execution ids that are not among the plan's rows, in the order asked. */
  notFound(tx: Tx, batchId: string, executionUuids: readonly string[]): Promise<string[]>;
}

/** How many rows were matched and stored, and how far a replica that classified them was behind when it was asked. */
export type Written = { readonly matched: number; readonly replica: { readonly behindMs: number } | null };

/** How many rows of a plan are of a vendor and ramp: the blast radius, the runbook's step 1. */
export type VendorRamp = { readonly vendor_id: number; readonly ramp_id: number; readonly count: number };

export type PlanRows = {
  readonly batchId: string;
  readonly request: RetryRequest;
  readonly window: { readonly since: Instant; readonly until: Instant } | null;
  readonly configErrorTypes: readonly string[];
  readonly maxRows: number;
};
