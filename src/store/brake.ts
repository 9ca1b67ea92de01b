// The emergency brake: one flag in the database that every process reads before each replay and delivery.
import { z } from 'zod';
import { RUN_STATUSES } from '../domain/batch.ts';
import { type Actor, historyActor } from '../domain/person.ts';
import { row, type Tx } from '../postgres/tx.ts';

/** Whether it is on. Throws as `Tx.query` does. */
export async function isBrakeOn(tx: Tx): Promise<boolean> {
  return (await row(tx, z.object({ is_on: z.boolean() }), `select is_on from retry_batch.brake`)).is_on;
}

/**
 * Pulls or releases the brake and says so in the audit trail of every run that it holds or frees. Pulling is the owner's
 * function, which the bot's role may call, too; the owner alone may release. Answers false where it already stood like
 * that. Throws as `Tx.query` does.
 */
export async function setBrake(tx: Tx, on: boolean, by: Actor): Promise<boolean> {
  const name = by.kind === 'system' ? by.name : historyActor(by);
  const values = [JSON.stringify(by), name];
  const { changed } = on
    ? await row(tx, changedRow, 'select retry_batch.pull_brake($1, $2) as changed', values)
    : await row(tx, changedRow, RELEASE, [...values, RUN_STATUSES]);
  return changed;
}

const changedRow = z.object({ changed: z.boolean() });

const RELEASE = `
  with released as (
    update retry_batch.brake set is_on = false, changed_by = $2, changed_at = now() where is_on returning true
  ), told as (
    insert into retry_batch.events (batch_id, action, actor)
    select id, 'brake_off', $1::jsonb from retry_batch.batches, released where status = any ($3)
    union all select null, 'brake_off', $1::jsonb from released
  )
  select exists (select from released) as changed`;
