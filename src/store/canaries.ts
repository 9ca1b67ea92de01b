// The canaries of a run: of each vendor and error group one row goes first, and the group's verdict is what it showed.
import { z } from 'zod';
import { cameBack, ROW_STATES, rowIs, rowState } from '../domain/row-state.ts';
import { maybeRow, row, rows, type Tx } from '../postgres/tx.ts';

/** A vendor's rows that failed alike, of which one goes first. */
export type Canary = { readonly vendorId: number; readonly errorGroup: string; readonly position: number };

/** What a canary's row came to; `unproven`: it was skipped, deferred or held, and shows nothing. */
export type CanaryOutcome =
  | { readonly kind: 'passed' }
  /** `original`: with the error that the row had in the plan. */
  | { readonly kind: 'failed'; readonly error: string; readonly original: boolean }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'open' };

/**
 * Chooses the canaries of a run that has none: of each of the `most` largest groups its first row. Throws as `Tx.query`
 * does.
 */
export async function choose(tx: Tx, batchId: string, most: number): Promise<void> {
  await tx.query(
    `insert into retry_batch.run_groups (batch_id, vendor_id, error_group, canary_position)
     select $1, t.vendor_id, coalesce(t.error_group, ''), min(t.position)
     from retry_batch.plan_rows t
     where t.batch_id = $1 and ${rowIs('t', 'open', 'deferred')}
       and not exists (select from retry_batch.run_groups where batch_id = $1)
     group by 2, 3 order by count(*) desc, min(t.position) limit $2
     on conflict do nothing`,
    [batchId, most],
  );
}

const canaryRow = z.object({ vendorId: z.number(), errorGroup: z.string(), position: z.number() });

/** Canaries that have no verdict yet. Throws as `Tx.query` does. */
export async function pending(tx: Tx, batchId: string): Promise<Canary[]> {
  return rows(
    tx,
    canaryRow,
    `select vendor_id as "vendorId", error_group as "errorGroup", canary_position as position
     from retry_batch.run_groups where batch_id = $1 and verdict is null order by canary_position`,
    [batchId],
  );
}

const outcomeRow = z.object({
  state: z.enum(ROW_STATES),
  error: z.string(),
  original: z.boolean(),
  proven: z.boolean(),
});

/**
 * What the canary's row came to. A success counts only with its project and its history entry in OnRamp's own tables.
 * Throws as `Tx.query` does.
 */
export async function outcomeOf(tx: Tx, batchId: string, canary: Canary): Promise<CanaryOutcome> {
  const found = await maybeRow(
    tx,
    outcomeRow,
    `select ${rowState('t')} as state,
       concat_ws(': ', t.outcome_error_type, left(t.outcome_error_message, 300)) as error,
       ${cameBack('t')} as original,
       exists (select from or_projects p where p.execution_id = t.execution_id and p.project_uuid = t.project_uuid)
       -- An endpoint's entries know nothing of batches; what it was asked to replay was settled by them.
       and (t.history_before is not null or exists (
         select from or_workflow_history h where h.execution_id = t.execution_id
         and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and h.details ->> 'batch_id' = $1::uuid::text)) as proven
     from retry_batch.plan_rows t where t.batch_id = $1 and t.position = $2`,
    [batchId, canary.position],
  );
  switch (found?.state) {
    case 'succeeded':
      return found.proven
        ? { kind: 'passed' }
        : { kind: 'failed', error: 'no project or no history entry', original: false };
    case 'failed':
      return { kind: 'failed', error: found.error, original: found.original };
    case 'open':
    case 'sent':
      return { kind: 'open' };
    case 'held':
    case 'deferred':
    case 'skipped':
    case 'not_reached':
    case undefined:
      return { kind: 'unproven' };
  }
}

/** Compare-and-set: writes the group's verdict; false where another process did. Throws as `Tx.query` does. */
export async function judgeGroup(
  tx: Tx,
  batchId: string,
  canary: Canary,
  verdict: 'passed' | 'held',
): Promise<boolean> {
  const judged = await tx.query(
    `update retry_batch.run_groups set verdict = $5
     where batch_id = $1 and vendor_id = $2 and error_group = $3 and canary_position = $4 and verdict is null`,
    [batchId, canary.vendorId, canary.errorGroup, canary.position, verdict],
  );
  return judged.rowCount === 1;
}

/** The next open row of the group becomes its canary; false where it has none left. Throws as `Tx.query` does. */
export async function chooseNext(tx: Tx, batchId: string, canary: Canary): Promise<boolean> {
  const moved = await tx.query(
    `with next as (
       select min(t.position) as position from retry_batch.plan_rows t
       where t.batch_id = $1 and t.vendor_id = $2 and coalesce(t.error_group, '') = $3 and ${rowIs('t', 'open')})
     update retry_batch.run_groups g set canary_position = next.position
     from next where g.batch_id = $1 and g.vendor_id = $2 and g.error_group = $3 and next.position is not null
       and g.canary_position = $4`,
    [batchId, canary.vendorId, canary.errorGroup, canary.position],
  );
  return moved.rowCount === 1;
}

export type Verdicts = {
  readonly passed: number;
  readonly held: number;
  /** Of the held: those whose canary failed with its original error. */
  readonly cameBack: number;
  readonly pending: number;
};

/** How the verdicts of a run stand. Throws as `Tx.query` does. */
export async function verdicts(tx: Tx, batchId: string): Promise<Verdicts> {
  return row(
    tx,
    z.object({ passed: z.number(), held: z.number(), cameBack: z.number(), pending: z.number() }),
    `select count(*) filter (where verdict = 'passed') as passed, count(*) filter (where verdict = 'held') as held,
       count(*) filter (where verdict = 'held' and ${cameBack('t')}) as "cameBack",
       count(*) filter (where verdict is null) as pending
     from retry_batch.run_groups g
     left join retry_batch.plan_rows t on t.batch_id = g.batch_id and t.position = g.canary_position
     where g.batch_id = $1`,
    [batchId],
  );
}
