// The complete lists as tables in the thread, while they fit. A list is never cut: one that doesn't fit is
// answered with `too_long`, and the caller uploads it as a file.
import type { TableBlock } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import type { Batch, EligibleRow, ResultRow, SkippedRow } from '../../domain/plan.ts';
import {
  type Cell,
  type Column,
  ELIGIBLE_COLUMNS,
  headingOf,
  RESULT_COLUMNS,
  SKIPPED_COLUMNS,
} from '../../text/columns.ts';
import { counted } from './figures.ts';
import { SLACK } from './limits.ts';
import { fits, type Message, section } from './message.ts';
import { SAID, SHOWN } from './voice.ts';

/** More rows than this never fit (one line of the table is its header): don't even load them. */
export const TABLE_MAX_ROWS = SLACK.tableRows - 1;

export type ListAnswer =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'too_long' };

/** How much of an error or detail a cell shows; the file has it in full. */
const CELL = 120;

/** The eligible and the skipped, each as one message or too long for one. */
export function listMessages(
  batch: Batch,
  eligible: readonly EligibleRow[],
  skipped: readonly SkippedRow[],
): { readonly eligible: ListAnswer; readonly skipped: ListAnswer } {
  return {
    eligible: list(
      batch,
      `Eligible: ${counted(eligible.length, 'execution')} to replay`,
      ELIGIBLE_COLUMNS,
      eligible,
    ),
    skipped: list(
      batch,
      `Skipped: ${counted(skipped.length, 'execution')}, with reasons`,
      SKIPPED_COLUMNS,
      skipped,
    ),
  };
}

/** The complete results of a run, as one message or too long for one. */
export function resultsMessage(batch: Batch, results: readonly ResultRow[]): ListAnswer {
  return list(batch, `Results: ${counted(results.length, 'execution')}`, RESULT_COLUMNS, results);
}

function list<Row>(
  batch: Batch,
  title: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): ListAnswer {
  if (rows.length > TABLE_MAX_ROWS) return { kind: 'too_long' };
  const id = shortId(batch.id);
  const blocks: Message['blocks'] = [section([`*${title}* · batch ${SHOWN.quote(id, 12)}`])];
  if (rows.length > 0) blocks.push(table(columns, rows));
  const text = `${title}, batch ${SAID.quote(id, 12)}.${rows.length > 0 ? ' They are in the table of this message, and in the file that follows.' : ''}`;
  const message = { text, blocks };
  return fits(message) ? { kind: 'message', message } : { kind: 'too_long' };
}

/** Every row, under a header. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): TableBlock {
  return {
    type: 'table',
    column_settings: columns.map(({ name }) => ({
      is_wrapped: name !== 'execution_uuid' && name !== 'ramp_uuid',
    })),
    rows: [
      columns.map(({ name }) => raw(headingOf(name))),
      ...rows.map((row) => columns.map((column) => raw(column.cell(row, CELL)))),
    ],
  };
}

function raw(cell: Cell): { type: 'raw_text'; text: string } {
  const text = typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell ?? '');
  return { type: 'raw_text', text: text === '' ? '–' : text };
}
