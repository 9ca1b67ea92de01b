// The emergency brake: one flag in the database that every process reads before each replay and delivery.
import { z } from 'zod';
import type { AuditAction } from '../domain/audit.ts';
import { RUN_STATUSES } from '../domain/batch.ts';
import { row, type Tx } from '../postgres/tx.ts';

/** Whether it is on. Throws as `Tx.query` does. */
export async function isBrakeOn(tx: Tx): Promise<boolean> {
  return (await row(tx, z.object({ is_on: z.boolean() }), `select is_on from retry_batch.brake`)).is_on;
}

/**
 * Pulls or releases the brake and says so in the audit trail of every run that it holds or frees.
 * Answers false where it already stood like that. `by` is the person's name on this machine.
 */
export async function setBrake(tx: Tx, on: boolean, by: string): Promise<boolean> {
  const changed = await tx.query(
    `update retry_batch.brake set is_on = $1, changed_by = $2, changed_at = now() where is_on <> $1`,
    [on, by],
  );
  if (changed.rowCount === 0) return false;
  const action: AuditAction = on ? 'brake_on' : 'brake_off';
  await tx.query(
    `insert into retry_batch.events (batch_id, action, actor)
     select id, $1, $2::jsonb from retry_batch.batches where status = any ($3)
     union all select null, $1, $2::jsonb`,
    [action, JSON.stringify({ kind: 'system', name: by }), RUN_STATUSES],
  );
  return true;
}
