// Which executions a request means, and why some of them are left alone: the runbook's skip reasons.
import type pg from 'pg';
import { z } from 'zod';
import type { RetryRequest } from './request.ts';

const Row = z.object({
  id: z.coerce.number(),
  execution_uuid: z.string(),
  vendor_id: z.coerce.number(),
  ramp_id: z.coerce.number(),
  ramp_uuid: z.string(),
  trigger_payload: z.unknown(),
  created_at: z.date(),
  error_type: z.string().nullable(),
  error_message: z.string().nullable(),
  workflow_version: z.number(),
  workflow_version_drift: z.boolean(),
  token_revoked: z.boolean(),
  reason: z.string().nullable(),
});

export type Execution = z.output<typeof Row>;

/** $1 and $2: the window; $3: error_pattern; $4: force_retry. */
const JUDGED = `
  select e.id, e.execution_uuid, e.vendor_id, e.ramp_id, r.ramp_uuid, e.trigger_payload, e.created_at,
    last.entry ->> 'error_type' as error_type, last.message as error_message, e.workflow_version,
    e.workflow_version <> r.current_version as workflow_version_drift, i.token_revoked_at is not null as token_revoked,
    case
      when exists (select from or_projects p where p.execution_id = e.id) then 'project_already_exists'
      when r.archived_at is not null then 'ramp_archived'
      when r.deleted_at is not null then 'ramp_deleted'
      when r.status = 'draft' then 'workflow_is_draft'
      when e.status_code <> 'ERROR' then 'status_not_error'
      when e.created_at < $1::timestamptz or e.created_at >= $2::timestamptz then 'outside_time_window'
      when $3::text is not null and coalesce(position($3 in last.message), 0) = 0 then 'error_pattern_mismatch'
      when exists (select from or_ramp_executions later where later.ramp_id = e.ramp_id
        and later.trigger_key = e.trigger_key and later.created_at > e.created_at and later.status_code = 'SUCCESS')
        then 'duplicate_trigger_succeeded'
      when not $4 and last.entry ->> 'error_type' in
        ('WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError') then 'config_error'
      when not i.user_configured then 'integration_disconnected'
    end as reason
  from or_ramp_executions e
  join or_ramps r on r.id = e.ramp_id
  left join or_integrations i on i.id = r.integration_id
  cross join lateral (select case when jsonb_typeof(e.logs) = 'array' then e.logs -> -1 end as entry) ending
  cross join lateral (select ending.entry, case when jsonb_typeof(ending.entry -> 'error_message') = 'string'
    then ending.entry ->> 'error_message' end as message) last`;

const criteria = (request: RetryRequest): unknown[] => [
  request.since ?? null,
  request.until ?? null,
  request.error_pattern ?? null,
  request.force_retry,
];

/** Every execution that the request means, each with its reason to be left alone, oldest first. Locks nothing. */
export async function findExecutions(db: pg.Pool, request: RetryRequest): Promise<Execution[]> {
  const { rows } = await db.query(
    `${JUDGED}
     where ($5::uuid[] is null or e.execution_uuid = any ($5))
       and ($1::timestamptz is null or (e.status_code = 'ERROR' and e.created_at >= $1
         and e.created_at < coalesce($2::timestamptz, now())))
       and ($6::bigint[] is null or e.vendor_id = any ($6))
       and ($7::uuid[] is null or r.ramp_uuid = any ($7))
     order by e.created_at, e.id`,
    [
      ...criteria(request),
      request.execution_uuids ?? null,
      request.vendor_ids ?? null,
      request.ramp_uuids ?? null,
    ],
  );
  return rows.map((row) => Row.parse(row));
}

/**
 * Takes the row's lock, undefined where somebody else has it, and judges it anew: a second statement, because one that
 * locks and judges does not see what was committed while it came by the lock.
 */
export async function claimExecution(
  tx: pg.ClientBase,
  id: number,
  request: RetryRequest,
): Promise<Execution | undefined> {
  const locked = await tx.query(
    'select from or_ramp_executions e where e.id = $1 for update of e skip locked',
    [id],
  );
  if (locked.rowCount === 0) return undefined;
  const { rows } = await tx.query(`${JUDGED} where e.id = $5`, [...criteria(request), id]);
  return rows.map((row) => Row.parse(row))[0];
}
