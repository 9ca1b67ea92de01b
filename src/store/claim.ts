// Taking a plan's row and claiming its execution, and what else serialises replays. The order of these statements is the
// engine's (engine/replay/replay-one.ts); each is a statement of its own, so that its snapshot is its own.
import { z } from 'zod';
import { type RowState, rowIs } from '../domain/row-state.ts';
import { maybeRow, prepared, type Tx } from '../postgres/tx.ts';

/** One eligible row of a plan. */
export type PlannedRow = {
  readonly batchId: string;
  readonly position: number;
  readonly executionId: number;
  readonly executionUuid: string;
  readonly vendorId: number;
};

/** Which rows may be taken: positions from `first` to `last`, in one of the two states that wait for a turn. */
export type RowRange = {
  readonly batchId: string;
  readonly first: number;
  readonly last: number;
  readonly state: Extract<RowState, 'open' | 'deferred'>;
  /** Vendors that have as many replays going as they may. */
  readonly busyVendors: readonly number[];
};

/** A row that is locked by this transaction; its execution is claimed, held by somebody else, or no longer there. */
export type TakenRow = PlannedRow & { readonly execution: 'claimed' | 'locked' | 'gone' };

const takenRow = z.object({
  batchId: z.string(),
  position: z.number(),
  executionId: z.number(),
  executionUuid: z.string(),
  vendorId: z.number(),
  execution: z.enum(['claimed', 'locked', 'gone']),
});

/** A setting of the transaction: the statements behind the claim go out with it, and read there what it has claimed. */
const CLAIMED_SETTING = 'retry_batch.claimed';

/** SQL: the execution that this transaction has claimed; null where it has none. */
export const CLAIMED = `nullif(current_setting('${CLAIMED_SETTING}', true), '')::bigint`;

// The CTE locks the plan's row before anything of the execution is looked at: whoever has the row may claim. Neither
// "exists" names the row: joined to it, the planner may take the batch first and sort all that is left for each replay.
const take = (state: RowRange['state']) =>
  prepared(
    `take ${state}`,
    `with taken as materialized (
       select t.batch_id, t.position, t.execution_id, t.execution_uuid, t.vendor_id
       from retry_batch.plan_rows t
       where t.batch_id = $1 and t.position between $2 and $3 and ${rowIs('t', state)}
         and t.vendor_id <> all ($4::bigint[]) and t.position <> all ($5::int[])
         and exists (select from retry_batch.batches b where b.id = $1 and b.status = 'running')
         and not exists (select from retry_batch.brake where is_on)
       order by t.position limit 1
       for update of t skip locked
     )
     select taken.batch_id as "batchId", taken.position, taken.execution_id as "executionId",
       taken.execution_uuid as "executionUuid", taken.vendor_id as "vendorId",
       set_config('${CLAIMED_SETTING}', coalesce(claim.id::text, ''), true),
       case when claim.id is not null then 'claimed'
         when exists (select from or_ramp_executions e where e.id = taken.execution_id) then 'locked'
         else 'gone' end as execution
     from taken left join lateral (
       select e.id from or_ramp_executions e where e.id = taken.execution_id for update of e skip locked
     ) claim on true`,
  );

const TAKE = { open: take('open'), deferred: take('deferred') };

/**
 * Locks the next row of the range, skipping what others hold and the positions of `except`, and claims its execution
 * (engine contract, step 1). Undefined where no row is free, the batch is not running, or the brake is on. Throws as
 * `Tx.query` does.
 */
export async function takeRow(
  tx: Tx,
  range: RowRange,
  except: readonly number[] = [],
): Promise<TakenRow | undefined> {
  const { batchId, first, last, state, busyVendors } = range;
  return maybeRow(tx, takenRow, TAKE[state], [batchId, first, last, [...busyVendors], [...except]]);
}

// Ramp and trigger key in one 64-bit key; two triggers that collide only wait for each other.
const LOCK_TRIGGER = prepared(
  'lock trigger',
  `select pg_advisory_xact_lock(hashtextextended(e.ramp_id || ':' || e.trigger_key, 4887))
   from or_ramp_executions e where e.id = ${CLAIMED}`,
);

/**
 * Waits for other replays of the claimed execution's trigger (engine contract, step 2); does nothing where none is claimed.
 * Throws as `Tx.query` does.
 */
export async function lockTrigger(tx: Tx): Promise<void> {
  await tx.query(LOCK_TRIGGER);
}
