// The one index that OnRamp's database does not have and the bot gains by. A dry run of some vendors reads every failed
// execution of its window by (status_code, created_at) and drops the other vendors'. Measured on 40,000 failures (the
// benchmark's, 400,000 executions), 50 days with 9,312 of them, one small vendor: 9,178 pages without it, 158 with it; one
// large vendor: 15,109 and 6,822. The index itself takes 156 pages. What was measured and is not recommended, in pages of
// the same days of all vendors, 82,150 without any:
//   (created_at) where status_code = 'ERROR'                       82,144
//   (ramp_id, trigger_key) where status_code in (PENDING, RUNNING) 82,144: all of a trigger are read in one go anyway
//   (ramp_id, trigger_key) include (id, status_code, …)            84,960, and half as large again as the one there is
// The last log entry can be read by no index: Postgres answers from an index alone only where it has the whole column,
// so (created_at, (logs -> -1)) is as many pages as before, and the index 1,374 of its own.
import type { Tx } from '../../postgres/tx.ts';
import { expectedFailures, middleVendor } from '../../store/advice.ts';
import { hasIndex, type IndexShape } from '../../store/indexes.ts';
import { buildStatements } from './build-index.ts';
import { asked, dryRunScans, rowsOf, type Window } from './dry-run.ts';
import { about, type Finding } from './finding.ts';

const SHAPE: IndexShape = {
  table: 'or_ramp_executions',
  name: 'or_ramp_executions_failed',
  columns: ['vendor_id', 'created_at'],
  where: `status_code = 'ERROR'`,
};

/** Fewer rows than this are read in no time. */
const WORTH = 1000;
const BYTES_EACH = 32;

/** The index, where Postgres expects a dry run of one vendor to drop many of the `matched` rows of the window. */
export async function vendorIndex(tx: Tx, window: Window, matched: number): Promise<Finding | null> {
  const vendor = await middleVendor(tx);
  if (vendor === undefined || (await hasIndex(tx, SHAPE))) return null;
  const scans = asked(await dryRunScans(tx, window, vendor));
  const kept = rowsOf(scans);
  if (matched - kept < WORTH || scans.every(({ lookup }) => lookup.includes('vendor_id'))) return null;
  const megabytes = Math.max(1, Math.ceil(((await expectedFailures(tx)) * BYTES_EACH) / 1024 / 1024));
  return {
    table: SHAPE.table,
    why: `A dry run of one vendor (vendor_ids) reads all failed executions of its window and drops those of the others: of this window ${about(matched)} rows, to keep ${about(kept)} of vendor ${vendor}. With this index it reads ${about(kept)}, if the estimates hold; dry runs of all vendors stay as they are. It takes about ${megabytes} MB, and only failed executions are written to it.`,
    statements: await buildStatements(tx, SHAPE),
  };
}
