// The rules on one block that a JSON schema can't say, or would say badly.
import type { Problem } from './problem.ts';
import { type Block, codePoints, eachRecord, isRecord } from './walk.ts';

const failed = (message: string, pointer: string): Problem => ({
  code: 'failed_constraint',
  message,
  pointer,
});

function sectionProblems(block: Block, pointer: string): Problem[] {
  const fields = Array.isArray(block.fields) && block.fields.length > 0;
  return block.text === undefined && !fields
    ? [{ code: 'missing_field', message: 'must provide either text or fields', pointer }]
    : [];
}

/** Slack: an action_id is unique in its block. */
function actionIdProblems(block: Block, pointer: string): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  eachRecord(block, pointer, (record, at) => {
    const id = record.action_id;
    if (typeof id !== 'string') return;
    if (seen.has(id)) problems.push(failed(`action_id "${id}" already exists`, `${at}/action_id`));
    seen.add(id);
  });
  return problems;
}

function selectProblems(block: Block, pointer: string): Problem[] {
  const problems: Problem[] = [];
  eachRecord(block, pointer, (record, at) => {
    if (record.type === 'static_select' || record.type === 'multi_static_select') {
      const given = [record.options, record.option_groups].filter((list) => list !== undefined);
      if (given.length !== 1) problems.push(failed('must provide either options or option_groups', at));
    }
    if (Array.isArray(record.options) && record.options.length === 0) {
      problems.push(failed('no fewer than 1 items allowed', `${at}/options`));
    }
    for (const [index, option] of (Array.isArray(record.options) ? record.options : []).entries()) {
      if (isRecord(option) && option.value === undefined && option.url === undefined) {
        problems.push({
          code: 'missing_field',
          message: 'missing required field: value',
          pointer: `${at}/options/${index}`,
        });
      }
    }
  });
  return problems;
}

/** The text of one cell: raw, a number as drawn, or all text inside rich text. */
function cellText(cell: unknown): string {
  if (!isRecord(cell)) return '';
  if (typeof cell.text === 'string') return cell.text;
  return Array.isArray(cell.elements) ? cell.elements.map(cellText).join('') : '';
}

const rowsOf = (block: Block): unknown[][] =>
  Array.isArray(block.rows) ? block.rows.filter(Array.isArray) : [];

/** The characters in a table's cells, which Slack limits over all data tables of a message. */
export const tableCharacters = (block: Block): number =>
  rowsOf(block).reduce(
    (sum, row) => sum + row.reduce((n: number, cell) => n + codePoints(cellText(cell)), 0),
    0,
  );

function dataTableProblems(block: Block, pointer: string): Problem[] {
  const rows = rowsOf(block);
  const [header = []] = rows;
  const problems: Problem[] = [];
  for (const [index, cell] of header.entries()) {
    if (isRecord(cell) && cell.type === 'rich_text') {
      problems.push(failed('header cells must not be rich_text', `${pointer}/rows/0/${index}`));
    }
  }
  for (const [index, row] of rows.entries()) {
    if (row.length !== header.length) {
      problems.push(failed('all rows must have the same number of cells', `${pointer}/rows/${index}`));
    }
  }
  const column = block.row_header_column_index;
  if (typeof column === 'number' && (column < 0 || column >= header.length)) {
    problems.push(failed('must be the index of a column', `${pointer}/row_header_column_index`));
  }
  return problems;
}

/** What is wrong with one block beyond its shape. */
export function blockRuleProblems(block: Block, pointer: string): Problem[] {
  const own =
    block.type === 'section'
      ? sectionProblems(block, pointer)
      : block.type === 'data_table'
        ? dataTableProblems(block, pointer)
        : [];
  return [...own, ...actionIdProblems(block, pointer), ...selectProblems(block, pointer)];
}
