// The endpoint's answer, in the runbook's field names.

import { formatInstant } from '../domain/instant.ts';
import { toldOf } from '../domain/live-told.ts';
import { liveOf, type ResultRow } from '../domain/plan.ts';
import type { Planned } from '../engine/plan/ask.ts';
import { MOST_SKIPPED } from '../engine/plan/preview.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { NOT_BEGUN } from '../engine/run/execute.ts';
import { together } from '../postgres/tx.ts';
import * as lists from '../store/lists.ts';
import { customersOf } from './customers.ts';

/** What the endpoint answers for a batch that was planned, and for a chunk of it that was replayed. */
export async function answerFor(
  ports: EnginePorts,
  planned: Planned,
  chunkSize: number,
): Promise<Record<string, unknown>> {
  const { batch, notFound, pairs } = planned;
  const { summary, request } = batch;
  const tx = ports.db.autocommit;
  const live = liveOf(batch);
  const inCall = Math.min(summary.eligible, chunkSize);
  const head = { batchId: batch.id, first: 1, last: inCall };
  const tail = { batchId: batch.id, first: summary.eligible + 1, last: summary.eligible + MOST_SKIPPED };
  const [results, eligible, skipped, customers] = await together(
    request.dry_run ? Promise.resolve([]) : resultsOf(ports, head),
    lists.eligible(tx, head),
    lists.skipped(tx, tail),
    customersOf(tx, planned),
  );
  const tried = request.dry_run ? inCall : results.length;
  return {
    dry_run: request.dry_run,
    batch_id: batch.id,
    window: batch.window && {
      since: formatInstant(batch.window.since),
      until: formatInstant(batch.window.until),
    },
    matched: summary.matched,
    eligible: eligible.map((row) => ({
      execution_uuid: row.executionUuid,
      vendor_id: row.vendorId,
      ramp_uuid: row.rampUuid,
      created_at: formatInstant(row.createdAt),
      error_type: row.errorType,
      error_message: row.errorMessage,
      workflow_version: row.workflowVersion,
      workflow_version_drift: row.drift,
      integration_token_revoked: row.tokenRevoked,
    })),
    skipped: skipped.map((row) => ({
      execution_uuid: row.executionUuid,
      vendor_id: row.vendorId,
      ramp_uuid: row.rampUuid,
      created_at: formatInstant(row.createdAt),
      reason: row.reason,
      detail: row.detail,
    })),
    skipped_by_reason: summary.skippedByReason,
    not_found: notFound,
    blast_radius: pairs.map(({ vendor_id, ramp_id, count }) => ({ vendor_id, ramp_id, count })),
    customers,
    results,
    live: live === null ? null : toldOf(live),
    summary: {
      matched: summary.matched,
      eligible: summary.eligible,
      skipped: summary.skipped,
      success: results.filter((result) => result.outcome === 'success').length,
      error: results.filter((result) => result.outcome === 'error').length,
      remaining: summary.eligible - tried,
    },
  };
}

type Result = { readonly execution_uuid: string; readonly outcome: string } & Readonly<
  Record<string, string | null>
>;

async function resultsOf(ports: EnginePorts, page: { batchId: string; first: number; last: number }) {
  const found = await lists.results(ports.db.autocommit, page);
  return found.map(resultOf).filter((result) => result !== null);
}

/** Null for a row that this call did not begin; `remaining` counts it. */
function resultOf(row: ResultRow): Result | null {
  const { executionUuid: execution_uuid, outcome } = row;
  switch (outcome) {
    case 'success':
      return { execution_uuid, outcome, project_uuid: row.projectUuid };
    case 'error':
      return { execution_uuid, outcome, error_type: row.errorType, error_message: row.errorMessage };
    case 'skipped':
      return { execution_uuid, outcome, reason: row.reason };
    case 'not_reached':
      return row.detail === NOT_BEGUN ? null : { execution_uuid, outcome, detail: row.detail };
  }
}
