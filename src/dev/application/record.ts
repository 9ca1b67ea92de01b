// What a replay leaves on its execution: the status, a last log entry and an entry of the workflow's history.
import type pg from 'pg';
import type { Execution } from './executions.ts';
import type { Project } from './workflow.ts';

/** SQL: the logs with one entry more; older programs left some that are no array. */
const WITH_ENTRY = `(case when jsonb_typeof(logs) = 'array' then logs else jsonb_build_array(logs) end) || $2::jsonb`;

/** The execution has succeeded. */
export async function markSucceeded(tx: pg.ClientBase, { id }: Execution): Promise<void> {
  const entry = { at: new Date().toISOString(), level: 'info', message: 'replayed by retry-batch' };
  await tx.query(
    `update or_ramp_executions set status_code = 'SUCCESS', finished_at = now(), updated_at = now(), logs = ${WITH_ENTRY}
     where id = $1`,
    [id, JSON.stringify(entry)],
  );
}

/**
 * It stays in ERROR, with a new last log entry, and has finished again by this program's clock: a little later than the history
 * entry says, which has the database's time of the transaction's beginning.
 */
export async function logFailure(tx: pg.ClientBase, { id }: Execution, error: Error): Promise<void> {
  const entry = {
    at: new Date().toISOString(),
    level: 'error',
    message: 'replay failed',
    error_type: error.name,
    error_message: error.message,
  };
  await tx.query(
    `update or_ramp_executions set finished_at = $3, updated_at = now(), logs = ${WITH_ENTRY} where id = $1`,
    [id, JSON.stringify(entry), new Date()],
  );
}

/** The entry that the runbook verifies by. */
export async function writeHistory(
  tx: pg.ClientBase,
  execution: Execution,
  actor: string,
  details: object,
): Promise<void> {
  await tx.query(
    `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
     values ($1, $2, $3, 'WORKFLOW_HISTORY_ACTION_REPLAYED', $4, $5)`,
    [execution.id, execution.ramp_id, execution.vendor_id, actor, JSON.stringify(details)],
  );
}

export const succeeded = (project: Pick<Project, 'id'> | undefined): object => ({
  outcome: 'succeeded',
  ...(project ? { project_id: project.id } : {}),
});

export const failed = (error: Error): object => ({
  outcome: 'failed',
  error: { class: error.name, message: error.message },
});
