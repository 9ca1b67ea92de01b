// One row's turn: taking it, claiming the execution, judging again, and writing down what came of it. The order
// of these statements is the engine's (replay-one.ts); each is one statement so that its snapshot is its own. They are
// prepared: planning the judgement takes Postgres longer than judging.
import { z } from 'zod';
import { isSkipReason, type SkipReason } from '../domain/skip-filters.ts';
import type { Facts, Turn, TurnRange, Turns } from '../engine/ports.ts';
import { maybeRow, prepared, row, type Tx } from '../postgres/tx.ts';
import { EVIDENCE_CASE, LAST_ERROR_LATERAL, VERDICT_LATERAL } from './classification.ts';
import { recordReplay, recordSkip } from './outcomes.ts';

const turnRow = z.object({
  batchId: z.string(),
  position: z.number(),
  executionId: z.number(),
  executionUuid: z.string(),
  vendorId: z.number(),
  claimed: z.boolean(),
});

/** SQL: the execution that this transaction has claimed, null where it has claimed none. */
const CLAIMED = `nullif(current_setting('retry_batch.claimed', true), '')::bigint`;

// The CTE locks the plan's row before anything of the execution is looked at: whoever has the row may claim. Neither
// "exists" names the row: joined to it, the planner may take the batch first and sort all that is left for each turn.
const TAKE = prepared(
  'take',
  `with turn as materialized (
     select t.batch_id, t.position, t.execution_id, t.execution_uuid, t.vendor_id
     from retry_batch.plan_rows t
     where t.batch_id = $1 and t.position between $2 and $3
       and t.skip_reason is null and t.outcome is null and t.held_because is null
       and (t.locked_at is not null) = $4 and t.vendor_id <> all ($5::bigint[])
       and t.position <> all ($6::int[])
       and exists (select from retry_batch.batches b where b.id = $1 and b.status = 'running')
       and not exists (select from retry_batch.brake where is_on)
     order by t.position limit 1
     for update of t skip locked
   )
   select turn.batch_id as "batchId", turn.position, turn.execution_id as "executionId",
     turn.execution_uuid as "executionUuid", turn.vendor_id as "vendorId",
     case when claim.id is not null
       then set_config('retry_batch.claimed', claim.id::text, true) is not null else false end as claimed
   from turn left join lateral (
     select e.id from or_ramp_executions e where e.id = turn.execution_id for update of e skip locked
   ) claim on true`,
);

// Ramp and trigger key in one 64-bit key; two triggers that collide only wait for each other.
const LOCK_TRIGGER = prepared(
  'lock trigger',
  `select pg_advisory_xact_lock(hashtextextended(e.ramp_id || ':' || e.trigger_key, 4887))
   from or_ramp_executions e where e.id = ${CLAIMED}`,
);

export const turns: Turns = {
  take,
  exists: async (tx, turn) => {
    const found = await tx.query(`select from or_ramp_executions where id = $1`, [turn.executionId]);
    return found.rows.length === 1;
  },
  lockTrigger: async (tx) => {
    await tx.query(LOCK_TRIGGER);
  },
  judge,
  evidence: async (tx, batchId, reason) =>
    (await maybeRow(tx, evidenceRow, EVIDENCE, [batchId, reason]))?.evidence ?? '',
  savepoint: async (tx) => {
    await tx.query('savepoint steps');
  },
  rollbackToSavepoint: async (tx) => {
    await tx.query('rollback to savepoint steps');
  },
  recordReplay,
  recordSkip,
  putOff: async (tx, turn) => {
    await tx.query(
      `update retry_batch.plan_rows set locked_at = now() where batch_id = $1 and position = $2`,
      [turn.batchId, turn.position],
    );
  },
  giveUp: async (tx, turn, why) => {
    await tx.query(
      `update retry_batch.plan_rows set outcome = 'not_reached', outcome_detail = $3, done_at = now()
       where batch_id = $1 and position = $2 and outcome is null`,
      [turn.batchId, turn.position, why],
    );
  },
  outcomeOf: (tx, batchId, position) =>
    row(
      tx,
      z.object({ outcome: z.string().nullable(), errorGroup: z.string().nullable() }),
      `select outcome, outcome_error_group as "errorGroup"
       from retry_batch.plan_rows where batch_id = $1 and position = $2`,
      [batchId, position],
    ),
  open: (tx, batchId) =>
    row(
      tx,
      z.object({ putOff: z.number(), held: z.number(), others: z.number() }),
      `select count(*) filter (where locked_at is not null and held_because is null) as "putOff",
         count(*) filter (where held_because is not null) as held,
         count(*) filter (where locked_at is null and held_because is null) as others
       from retry_batch.plan_rows where batch_id = $1 and skip_reason is null and outcome is null`,
      [batchId],
    ),
  giveUpRest: async (tx, batchId, why) => {
    const given = await tx.query(
      `update retry_batch.plan_rows set outcome = 'not_reached', outcome_detail = $2, done_at = now()
       where batch_id = $1 and skip_reason is null and outcome is null`,
      [batchId, why],
    );
    return given.rowCount;
  },
};

async function take(tx: Tx, range: TurnRange, except: readonly number[] = []): Promise<Turn | undefined> {
  const { batchId, first, last, locked, busyVendors } = range;
  return maybeRow(tx, turnRow, TAKE, [batchId, first, last, locked, [...busyVendors], [...except]]);
}

const factsRow = z.object({
  reason: z
    .string()
    .nullable()
    .transform((reason): SkipReason | null => {
      if (reason === null || isSkipReason(reason)) return reason;
      throw new Error(`unknown skip reason ${reason}`);
    }),
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

/** SQL: the options that were approved; $1 is the batch. */
const APPROVED = `with q as materialized (
     select since_at, until_at, error_pattern, force_retry, config_error_types, suppress_notifications
     from retry_batch.batches where id = $1)`;

/** The judgement's statement, for whoever looks at its plan; $1 is the batch. */
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
   where e.id = ${CLAIMED}`;

const JUDGE = prepared('judge', JUDGE_TEXT);

// Apart from the judgement: most rows need none, and planning and starting it costs more than judging.
const EVIDENCE = prepared(
  'evidence',
  `${APPROVED}
   select ${EVIDENCE_CASE} as evidence
   from q, or_ramp_executions e
   join or_ramps r on r.id = e.ramp_id
   left join or_integrations i on i.id = r.integration_id
   ${LAST_ERROR_LATERAL}
   cross join (select $2::text as reason) verdict
   where e.id = ${CLAIMED}`,
);

const evidenceRow = z.object({ evidence: z.string().nullable() });

/** The filters again, with the options that were approved, on the row as it is under the locks. */
async function judge(tx: Tx, batchId: string): Promise<Facts | undefined> {
  return maybeRow(tx, factsRow, JUDGE, [batchId]);
}
