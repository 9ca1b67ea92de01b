// What a table of batches tells of each: customers by name, with their ids.
import { type BatchStatus, shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { customersInWords } from '../../views/customers.ts';
import { actorWords } from '../../views/words.ts';
import type { Column } from '../table.ts';
import type { Style } from '../terminal.ts';

type Row = { readonly batch: Batch };

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
  cell: ({ batch }) => customersInWords(batch),
  atLeast: 9,
};

export const ASKED_BY: Column<Row> = {
  head: 'asked by',
  cell: ({ batch }) => actorWords(batch.requestedBy),
  atLeast: 20,
  leaveOut: 3,
};
