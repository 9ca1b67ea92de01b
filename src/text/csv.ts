// Complete lists as CSV, a line at a time, so that a million rows never stand in memory at once. RFC 4180, and
// nothing in it that a spreadsheet would run.
import type { BatchRow } from '../domain/batch-row.ts';
import type { CustomerFigures } from '../domain/customers.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../domain/plan.ts';
import { createBreath } from './breath.ts';
import {
  BATCH_ROW_COLUMNS,
  type Cell,
  type Column,
  CUSTOMER_COLUMNS,
  ELIGIBLE_COLUMNS,
  RESULT_COLUMNS,
  SKIPPED_COLUMNS,
} from './columns.ts';
import { plain } from './untrusted.ts';

/** Rows as they come: a list, or a cursor of the database. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** Excel refuses cells longer than 32,767; nobody reads so much in a list either. */
const LONGEST_CELL = 4000;

/**
 * A file starts with it. Without it Excel reads UTF-8 as the machine's old code page and shows `Ã©` for `é`;
 * Slack's preview, Numbers, LibreOffice and pandas (`utf-8-sig`) know it, and grep does not mind.
 */
export const BYTE_ORDER_MARK = '\ufeff';

/** What spreadsheets take for the start of a formula, also in full width and behind blanks or quotes. */
const FORMULA = /^[\s"'`“”‘’]*[=+\-@＝＋－＠|%\t\r]/u;

/** The same behind a semicolon, which is what separates cells where the comma is the decimal sign. */
const FORMULA_AFTER_SEMICOLON = /([;；][\s"']*)(?=[=+\-@＝＋－＠])/gu;

/** The eligible executions, header first. */
export function eligibleCsv(rows: Rows<EligibleRow>): AsyncGenerator<string> {
  return csv(ELIGIBLE_COLUMNS, rows);
}

/** The skipped executions with reason and what to do, header first. */
export function skippedCsv(rows: Rows<SkippedRow>): AsyncGenerator<string> {
  return csv(SKIPPED_COLUMNS, rows);
}

/** What became of every eligible execution, header first. */
export function resultsCsv(rows: Rows<ResultRow>): AsyncGenerator<string> {
  return csv(RESULT_COLUMNS, rows);
}

/** Rows of a batch with what became of them, header first. */
export function batchRowsCsv(rows: Rows<BatchRow>): AsyncGenerator<string> {
  return csv(BATCH_ROW_COLUMNS, rows);
}

/** The customers with what became of their executions, header first. */
export function customersCsv(rows: Rows<CustomerFigures>): AsyncGenerator<string> {
  return csv(CUSTOMER_COLUMNS, rows);
}

/** One line with its line end. Text is masked, cleaned and made harmless; numbers stay numbers. */
export function csvLine(cells: readonly Cell[]): string {
  return line(cells.map((cell) => (typeof cell === 'string' ? plain(cell, LONGEST_CELL) : cell)));
}

/** The columns have masked and cleaned their text already; twice would halve the speed of a long file. */
async function* csv<Row>(columns: readonly Column<Row>[], rows: Rows<Row>): AsyncGenerator<string> {
  const breathe = createBreath();
  yield BYTE_ORDER_MARK + line(columns.map((column) => column.name));
  for await (const row of rows) {
    await breathe();
    yield line(columns.map((column) => column.cell(row, LONGEST_CELL)));
  }
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = cell.replace(FORMULA_AFTER_SEMICOLON, "$1'");
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
