// Single executions, for whoever needs just one.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';

/** The newest execution's id; undefined where there is none. Throws as `Tx.query` does. */
export async function anyExecution(tx: Tx): Promise<string | undefined> {
  const newest = `select execution_uuid as uuid from or_ramp_executions order by id desc limit 1`;
  return (await maybeRow(tx, z.object({ uuid: z.string() }), newest))?.uuid;
}
