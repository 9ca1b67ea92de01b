// What a table of batches tells of each: customers by name, with their ids.
import { type BatchStatus, shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Column } from '../table.ts';
import type { Style } from '../terminal.ts';
import { actorWords, shown } from './words.ts';

type Row = { readonly batch: Batch };

const NAMED = 3;

const STYLES: Readonly<Record<BatchStatus, Style | null>> = {
  previewed: 'dim',
  waiting: 'yellow',
  approved: 'cyan',
  running: 'cyan',
  paused: 'yellow',
  stopping: 'yellow',
  finished: 'green',
  stopped: 'yellow',
  cancelled: 'dim',
  expired: 'dim',
};

export const BATCH: Column<Row> = { head: 'batch', cell: ({ batch }) => shortId(batch.id) };

export const STATUS: Column<Row> = {
  head: 'status',
  cell: ({ batch }) => batch.status,
  style: ({ batch }) => STYLES[batch.status],
};

export const MATCHED: Column<Row> = {
  head: 'matched',
  cell: ({ batch }) => batch.summary.matched,
  leaveOut: 2,
};

export const ELIGIBLE: Column<Row> = {
  head: 'eligible',
  cell: ({ batch }) => batch.summary.eligible,
  leaveOut: 1,
};

export const CUSTOMERS: Column<Row> = {
  head: 'customers',
  cell: ({ batch }) => customers(batch),
  atLeast: 9,
};

export const ASKED_BY: Column<Row> = {
  head: 'asked by',
  cell: ({ batch }) => actorWords(batch.requestedBy),
  atLeast: 20,
  leaveOut: 3,
};

/** `Acme (7), Bluebird (3) and 4 more`, those with the most executions first. */
function customers({ summary }: Batch): string {
  const { top, vendors } = summary.blastRadius;
  const named = new Map(
    top.map(({ vendorId, vendorName }) => [vendorId, `${shown(vendorName, 40)} (${vendorId})`]),
  );
  const first = [...named.values()].slice(0, NAMED);
  return `${first.join(', ')}${vendors > first.length ? ` and ${vendors - first.length} more` : ''}`;
}
