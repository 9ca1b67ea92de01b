// Judging one row again at its turn, under its locks, and reading what its replay needs. Prepared: planning the judgement
// takes Postgres longer than judging.
import { z } from 'zod';
import { SKIP_REASONS, type SkipReason } from '../domain/skip-filters.ts';
import { maybeRow, prepared, type Tx } from '../postgres/tx.ts';
import { CLAIMED, type PlannedRow } from './claim.ts';
import { EVIDENCE_CASE, LAST_ERROR_LATERAL, VERDICT_LATERAL } from './classification.ts';

/** What a replay works on, read under the lock by the statement that judges. */
export type Facts = {
  readonly executionId: number;
  readonly executionUuid: string;
  readonly vendorId: number;
  readonly rampId: number;
  readonly rampUuid: string;
  readonly rampVendorId: number;
  readonly workflowVersion: number;
  /** The version's definition, null where there is no such version. */
  readonly definition?: unknown;
  /** The payload as JSON text, so that large numbers keep all their digits. */
  readonly triggerPayload: string;
  readonly integration: { readonly provider: string; readonly tokenRevoked: boolean } | null;
  readonly suppressNotifications: boolean;
  readonly webhook: boolean;
  readonly email: boolean;
};

/** Why the row is skipped after all, or null; and what its replay needs. */
export type Judgement = { readonly reason: SkipReason | null; readonly facts: Facts };

const facts = z.object({
  executionId: z.number(),
  executionUuid: z.string(),
  vendorId: z.number(),
  rampId: z.number(),
  rampUuid: z.string(),
  rampVendorId: z.number(),
  workflowVersion: z.number(),
  definition: z.unknown(),
  triggerPayload: z.string(),
  integration: z.object({ provider: z.string(), tokenRevoked: z.boolean() }).nullable(),
  suppressNotifications: z.boolean(),
  webhook: z.boolean(),
  email: z.boolean(),
});

const reason = z.enum(SKIP_REASONS).nullable();

const judgementRow = facts
  .extend({ reason })
  .transform(({ reason, ...facts }): Judgement => ({ reason, facts }));

/** SQL: the options that were approved; $1 is the batch. */
export const APPROVED = `with q as materialized (
     select since_at, until_at, error_pattern, force_retry, config_error_types, suppress_notifications
     from retry_batch.batches where id = $1)`;

/** The judgement's statement, for whoever looks at its plan; $1 is the batch, $2 the execution. */
export const JUDGE_TEXT = `${APPROVED}
   select verdict.reason, e.id as "executionId", e.execution_uuid as "executionUuid", e.vendor_id as "vendorId",
     e.ramp_id as "rampId", r.ramp_uuid as "rampUuid", r.vendor_id as "rampVendorId",
     e.workflow_version as "workflowVersion", d.definition, e.trigger_payload::text as "triggerPayload",
     case when i.id is not null then json_build_object(
       'provider', i.provider, 'tokenRevoked', i.token_revoked_at is not null) end as integration,
     q.suppress_notifications as "suppressNotifications",
     v.crm_webhook_url is not null as webhook, v.notify_email is not null as email
   from q, or_ramp_executions e
   join or_ramps r on r.id = e.ramp_id
   join or_vendors v on v.id = e.vendor_id
   left join or_integrations i on i.id = r.integration_id
   left join or_ramp_versions d on d.ramp_id = e.ramp_id and d.version = e.workflow_version
   ${LAST_ERROR_LATERAL}
   ${VERDICT_LATERAL}
   where e.id = $2`;

const JUDGE = prepared('judge', JUDGE_TEXT.replace('$2', CLAIMED));

/**
 * The filters again, with the options that were approved, on the claimed execution as it is under the locks (engine contract,
 * step 3); undefined where none is claimed, or where it has lost its ramp or its vendor. Throws as `Tx.query` does.
 */
export async function judge(tx: Tx, batchId: string): Promise<Judgement | undefined> {
  return maybeRow(tx, judgementRow, JUDGE, [batchId]);
}

// Apart from the judgement: most rows need none, and planning and starting it costs more than judging.
const EVIDENCE = prepared(
  'evidence',
  `${APPROVED}
   select ${EVIDENCE_CASE} as evidence
   from q, or_ramp_executions e
   join or_ramps r on r.id = e.ramp_id
   left join or_integrations i on i.id = r.integration_id
   ${LAST_ERROR_LATERAL}
   cross join (select $3::text as reason) verdict
   where e.id = $2`,
);

const evidenceRow = z.object({ evidence: z.string().nullable() });

/** What was found, for a reason that the judgement gave; empty where it has passed since. Throws as `Tx.query` does. */
export async function evidenceOf(
  tx: Tx,
  { batchId, executionId }: PlannedRow,
  reason: SkipReason,
): Promise<string> {
  const found = await maybeRow(tx, evidenceRow, EVIDENCE, [batchId, executionId, reason]);
  return found?.evidence ?? '';
}
