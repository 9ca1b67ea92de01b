// What `npm run advise` asks OnRamp's tables besides the catalogs: a vendor, and an estimate.
import { z } from 'zod';
import { maybeRow, row, type Tx } from '../postgres/tx.ts';

/** The vendor in the middle of all by id, as an example of one; undefined where there is none. Throws as `Tx.query` does. */
export async function middleVendor(tx: Tx): Promise<number | undefined> {
  const vendor = await maybeRow(
    tx,
    z.object({ id: z.number() }),
    `select id from or_vendors order by id offset (select count(*) / 2 from or_vendors) limit 1`,
  );
  return vendor?.id;
}

const estimateRow = z.object({
  'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]),
});

/** How many failed executions Postgres expects there to be: counting them would read them all. Throws as `Tx.query` does. */
export async function expectedFailures(tx: Tx): Promise<number> {
  const found = await row(
    tx,
    estimateRow,
    `explain (format json) select from or_ramp_executions where status_code = 'ERROR'`,
  );
  return found['QUERY PLAN'][0].Plan['Plan Rows'];
}
