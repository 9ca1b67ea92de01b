// Reads what a page of batches shows, each page at one moment of the database.

import { isEnded } from '../../../domain/batch.ts';
import { isFiltered, type RowFilter } from '../../../domain/batch-row.ts';
import type { Batch } from '../../../domain/plan.ts';
import type { Database } from '../../../postgres/database.ts';
import type { Tx } from '../../../postgres/tx.ts';
import { edgesOf } from '../../../store/audit.ts';
import { countRows, type From, rowsOf } from '../../../store/batch-rows.ts';
import { newestOf } from '../../../store/batches.ts';
import { customerFigures } from '../../../store/customer-figures.ts';
import { placeOf, prunedAt } from '../../../store/history.ts';
import { closingsOf } from '../../../store/recount.ts';
import { accountOf } from '../../../views/account.ts';
import { customerFacts } from '../../../views/customer-facts.ts';
import { type Found, readBatch } from '../../../views/found.ts';
import { timelineOf } from '../../../views/timeline.ts';
import { leftOfPart, ofPart, partOf } from '../../../views/words.ts';
import type { HeadView, WholeView } from './batch.ts';
import type { CustomersView } from './customers.ts';
import type { ListView } from './list.ts';
import { PAGE } from './moment.ts';
import type { ListAsked, RowsAsked } from './query.ts';
import type { RowsView } from './rows.ts';
import type { TrailView } from './trail.ts';

const BATCHES = 50;
const ROWS = 100;
const EVENTS = 100;
const CUSTOMERS = 20;

/** A page of the list. What runs came to is as it was recounted at their end. */
export async function readListView(tx: Tx, { status, after }: ListAsked): Promise<ListView> {
  const found = await newestOf(tx, { status, after }, BATCHES + 1);
  const page = found.slice(0, BATCHES);
  const ran = page.filter((batch) => batch.startedAt !== null && isEnded(batch.status));
  const closings = await closingsOf(
    tx,
    ran.map(({ id }) => id),
  );
  return {
    status,
    isFirst: after === null,
    batches: page.map((batch) => ({ batch, closing: closings.get(batch.id) ?? null })),
    next: found.length > BATCHES ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Everything of one batch, with its first rows. */
export async function readWhole(tx: Tx, batchId: string, asked: RowsAsked, now: number) {
  const found = await readBatch(tx, batchId);
  const { batch } = found;
  const isPruned = found.prunedAt !== null;
  const account = await accountOf(tx, found);
  return {
    account,
    timeline: isPruned ? null : await timelineOf(tx, batch, now),
    customers: await readCustomers(tx, found, now),
    rows: await readRowsView(tx, batch, asked, isPruned),
    trail: await readTrailView(tx, batchId, 0),
  } satisfies Omit<WholeView, keyof HeadView>;
}

async function readCustomers(tx: Tx, read: Found, now: number): Promise<CustomersView> {
  const { batch } = read;
  const all = await customerFigures(tx, batch.id);
  const found = all.filter(({ eligible }) => eligible > 0);
  const part = partOf(
    batch,
    found.reduce((sum, { eligible }) => sum + eligible, 0),
  );
  found.sort((one, other) => other.eligible - one.eligible || one.vendorId - other.vendorId);
  return {
    customers: found.slice(0, CUSTOMERS),
    isMore: found.length > CUSTOMERS,
    facts: await customerFacts(tx, read, new Date(now), all),
    hasRun: batch.startedAt !== null,
    part: part === null ? null : { of: ofPart(batch, part), others: leftOfPart(part) },
  };
}

/** A page of a batch's rows. */
export async function readRowsView(
  tx: Tx,
  batch: Batch,
  { filter, from }: RowsAsked,
  isPruned: boolean,
): Promise<RowsView> {
  const found = await rowsOf(tx, batch.id, filter, from, ROWS + 1);
  const isMore = found.length > ROWS;
  // Read towards the beginning, the row too many is the first.
  const rows = from.kind === 'after' ? found.slice(0, ROWS) : found.slice(isMore ? 1 : 0);
  return {
    batchId: batch.id,
    filter,
    rows,
    all: await countOf(tx, batch, filter),
    hasPrevious: from.kind === 'after' ? from.position > 0 : isMore,
    hasNext: from.kind === 'after' ? isMore : from.kind === 'before',
    isPruned,
    isOpen: !isEnded(batch.status),
  };
}

/** All rows of a plan in Slack are stored; a call over HTTP stores those that it lists or tries. */
async function countOf(tx: Tx, { id, door, summary }: Batch, filter: RowFilter): Promise<number> {
  return isFiltered(filter) || door === 'http' ? countRows(tx, id, filter) : summary.matched;
}

/** A page of its audit trail. */
export async function readTrailView(tx: Tx, batchId: string, after: number): Promise<TrailView> {
  const found = await edgesOf(tx, batchId, after, EVENTS + 1);
  return {
    batchId,
    place: await placeOf(tx, batchId),
    events: found.slice(0, EVENTS),
    after,
    hasNext: found.length > EVENTS,
  };
}

/** Whether a batch's lists are gone. */
export async function isPruned(tx: Tx, batchId: string): Promise<boolean> {
  return (await prunedAt(tx, batchId)) !== null;
}

const IN_A_READ = 1000;

/**
 * All rows that pass the filter, a thousand at a time, each read a transaction of its own: whoever takes their time over a download
 * holds no connection and no view of the database.
 */
export async function* everyRow(db: Database, batchId: string, filter: RowFilter) {
  const nextRows = (from: From) => db.transaction((tx) => rowsOf(tx, batchId, filter, from, IN_A_READ), PAGE);
  let from: From = { kind: 'after', position: 0 };
  for (;;) {
    const found = await nextRows(from);
    yield* found;
    const last = found.at(-1);
    if (last === undefined || found.length < IN_A_READ) return;
    from = { kind: 'after', position: last.position };
  }
}
