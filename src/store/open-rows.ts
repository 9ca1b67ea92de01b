// The rows of a run that have no outcome yet: how many, and what becomes of them when the run ends without them.
import { z } from 'zod';
import { rowIs, rowState } from '../domain/row-state.ts';
import { row, type Tx } from '../postgres/tx.ts';
import { NOTE_TRY } from './outcomes.ts';

/** Eligible rows without an outcome, by state. */
export type OpenRows = {
  readonly open: number;
  readonly deferred: number;
  readonly sent: number;
  readonly held: number;
};

const openRows = z.object({ open: z.number(), deferred: z.number(), sent: z.number(), held: z.number() });

/** Counts them. Throws as `Tx.query` does. */
export async function countOpen(tx: Tx, batchId: string): Promise<OpenRows> {
  return row(
    tx,
    openRows,
    `select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'deferred') as deferred,
       count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'held') as held
     from (select ${rowState('t')} as state from retry_batch.plan_rows t
       where batch_id = $1 and skip_reason is null and outcome is null) counted`,
    [batchId],
  );
}

/**
 * Every row without an outcome is not reached; waits for the ones in hand. What was held stays known as held. Where nobody
 * knows which of them were `begun`, they count as tried: others come first the next time. Answers how many. Throws as
 * `Tx.query` does.
 */
export async function giveUpRest(tx: Tx, batchId: string, why: string, begun: boolean): Promise<number> {
  const given = await row(
    tx,
    z.object({ rows: z.number() }),
    `with tried as (
       update retry_batch.plan_rows t set outcome = 'not_reached', outcome_detail = $2, done_at = now()
       where batch_id = $1 and outcome is null and ${rowIs('t', 'open', 'deferred', 'held')}
       returning execution_id
     )${begun ? `, noted as (${NOTE_TRY})` : ''} select count(*) as rows from tried`,
    [batchId, why],
  );
  return given.rows;
}
