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

export type BrakeStanding = {
  readonly isOn: boolean;
  /** Who pulled or released it last, and when; null where nobody ever did. */
  readonly changed: { readonly by: string; readonly at: Date } | null;
  /** The runs that it holds or would hold, the oldest first. */
  readonly runs: readonly string[];
};

/** How the brake stands. Throws as `Tx.query` does. */
export async function brakeStanding(tx: Tx): Promise<BrakeStanding> {
  const { is_on, by, at, runs } = await row(
    tx,
    z.object({ is_on: z.boolean(), by: z.string(), at: z.date(), runs: z.array(z.string()) }),
    `select is_on, changed_by as by, changed_at as at, array(
       select id::text from retry_batch.batches where status = any ($1) order by requested_at, id) as runs
     from retry_batch.brake`,
    [RUN_STATUSES],
  );
  return { isOn: is_on, changed: by === NOBODY ? null : { by, at }, runs };
}

/** Who has changed it where it stands as the schema made it. */
const NOBODY = 'migration';
