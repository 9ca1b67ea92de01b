// What Postgres would read for a dry run and for a replay's judgement, and where that is much more than is asked for.
import type { Instant } from '../../domain/instant.ts';
import type { Tx } from '../../postgres/tx.ts';
import { classification } from '../../store/classification.ts';
import { JUDGE_TEXT } from '../../store/judgement.ts';
import { type Scan, scansOf } from './explain.ts';
import { about, type Finding } from './finding.ts';

export type Window = { readonly since: Instant; readonly until: Instant };

const NO_BATCH = '00000000-0000-0000-0000-000000000000';
const MOST_ROWS = 1_000_000;

/** A table of fewer pages is read in no time. */
const LARGE = 500;
/** So many pages one after the other cost no more than one somewhere: where less is saved, reading all is right. */
const IN_A_ROW = 20;

/** What a dry run of this window would read; of one vendor's executions, where one is named. */
export async function dryRunScans(tx: Tx, window: Window, vendorId: number | null): Promise<Scan[]> {
  const selection = {
    ...window,
    vendor_ids: vendorId === null ? null : [vendorId],
    ramp_uuids: null,
    execution_uuids: null,
    rest_of: null,
    error_pattern: null,
    force_retry: false,
  };
  const { text, values } = classification(selection, [], MOST_ROWS);
  return scansOf(tx, `${text} select * from classified`, values);
}

/** What judging one row at its turn would read; asked in a replay's transaction, whose settings it is planned with. */
export function judgementScans(tx: Tx): Promise<Scan[]> {
  return scansOf(tx, JUDGE_TEXT, [NO_BATCH, 0]);
}

/** The executions that are asked for; their siblings go by other names. Partitions are numbered. */
export function asked(scans: readonly Scan[]): Scan[] {
  return scans.filter(({ table, alias }) => table === 'or_ramp_executions' && /^e(_\d+)?$/.test(alias));
}

/** Rows that the scans are to leave, together. */
export function rowsOf(scans: readonly Scan[]): number {
  return scans.reduce((sum, scan) => sum + scan.rows, 0);
}

/** A sentence and a statement for each table of which a dry run of `matched` rows would read far too much. */
export function wastefulDryRun(scans: readonly Scan[], matched: number): Finding[] {
  const ownScans = asked(scans);
  const what = `A dry run of ${about(matched)} failed executions`;
  return wasteful(
    scans,
    matched,
    { what, otherCause: 'index scans are switched off (enable_indexscan)' },
    (scan) =>
      // The window has to be looked up: what is only filtered by it has been read.
      ownScans.includes(scan) ? !scan.lookup.includes('created_at') : scan.whole,
  );
}

/** The same for the judgement of one row. */
export function wastefulJudgement(scans: readonly Scan[]): Finding[] {
  const otherCause = 'random_page_cost is set too high for the disk';
  return wasteful(scans, 1, { what: 'Each single replay', otherCause }, (scan) => scan.whole);
}

function wasteful(
  scans: readonly Scan[],
  matched: number,
  { what, otherCause }: { readonly what: string; readonly otherCause: string },
  readsTooMuch: (scan: Scan) => boolean,
): Finding[] {
  const found = scans.filter(
    (scan) => scan.pages >= LARGE && matched * IN_A_ROW < scan.pages && readsTooMuch(scan),
  );
  return [...new Set(found.map(({ table }) => table))].map((table) => {
    const pages = Math.max(...found.filter((scan) => scan.table === table).map((scan) => scan.pages));
    return {
      table,
      why: `${what} would read ${about(pages)} pages of ${table}, all or most of them, and not by the index that is there. Old statistics are the usual cause; if this is said again afterwards, ${otherCause}.`,
      statements: [`analyze ${table};`],
    };
  });
}
