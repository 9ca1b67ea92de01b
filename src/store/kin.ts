// What of a plan is asked about while it waits: the error groups and workflows of its eligible rows. It is kept with the batch: a
// plan of a million rows is not read again each minute.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { maybeRow, type Tx } from '../postgres/tx.ts';
import { instantColumn, instantText } from './columns.ts';

/** So many groups, and workflows, are kept, the largest. */
export const MOST_KIN = 1000;

export type Kin = {
  readonly groups: readonly string[];
  readonly rampIds: readonly number[];
  /** When the last of the rows was created. */
  readonly newest: Instant | null;
};

export const kinColumn = z.object({
  groups: z.array(z.string()),
  rampIds: z.array(z.number()),
  newest: instantColumn.nullable(),
});

const keptRow = z.object({
  kin: kinColumn,
  dryRunAt: instantColumn,
  startedAt: instantColumn.nullable(),
  endedAt: instantColumn.nullable(),
  minutes: z.number().nullable(),
});

export type Kept = z.output<typeof keptRow>;

/**
 * What is kept with a batch, and when it was asked for and begun; of one that the release before planned it is read from the
 * plan. Undefined where there is no such batch. Throws as `Tx.query` does.
 */
export async function keptOf(tx: Tx, batchId: string): Promise<Kept | undefined> {
  return maybeRow(
    tx,
    keptRow,
    `select coalesce(b.kin, (
         select jsonb_build_object('groups', coalesce(jsonb_agg(distinct t.error_group), '[]'),
           'rampIds', coalesce(jsonb_agg(distinct t.ramp_id), '[]'), 'newest', ${instantText('max(t.created_at)')})
         from (select coalesce(error_group, '') as error_group, ramp_id, created_at from retry_batch.plan_rows
           where batch_id = b.id and skip_reason is null order by position limit ${MOST_KIN}) t)) as kin,
       ${instantText('b.requested_at')} as "dryRunAt", ${instantText('b.started_at')} as "startedAt",
       ${instantText('b.ended_at')} as "endedAt",
       (b.live ->> 'minutes')::integer as minutes
     from retry_batch.batches b where b.id = $1`,
    [batchId],
  );
}
