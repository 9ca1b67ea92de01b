// Runs that paused themselves and that nobody has answered.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

export type Unanswered = { readonly batchId: string; readonly due: 'reminder' | 'stop' };

/** Those to remind of, and those to stop. Times in seconds. Throws as `Tx.query` does. */
export async function unanswered(
  tx: Tx,
  remindAfterSeconds: number,
  stopAfterSeconds: number,
): Promise<Unanswered[]> {
  return rows(
    tx,
    z.object({ batchId: z.string(), due: z.enum(['reminder', 'stop']) }),
    `select id as "batchId",
       case when held_at < now() - make_interval(secs => $2) then 'stop' else 'reminder' end as due
     from retry_batch.batches
     where status = 'paused' and held_by ->> 'kind' = 'system'
       and (held_at < now() - make_interval(secs => $2)
         or (held_at < now() - make_interval(secs => $1) and reminded_at is null))
     order by held_at limit 100`,
    [remindAfterSeconds, stopAfterSeconds],
  );
}

/** Compare-and-set: notes that the run was reminded of; false where it was, or is answered. Throws as `Tx.query` does. */
export async function noteReminder(tx: Tx, batchId: string): Promise<boolean> {
  const noted = await tx.query(
    `update retry_batch.batches set reminded_at = now() where id = $1 and status = 'paused' and reminded_at is null`,
    [batchId],
  );
  return noted.rowCount === 1;
}
