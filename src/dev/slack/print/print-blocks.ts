// Blocks as plain lines. A block that this can't draw is printed loudly as such, so that a test can find it.
import { type Block, isRecord } from '../validation/walk.ts';
import type { World } from '../world/world.ts';
import { plainText } from './plain-text.ts';
import { printRichText } from './print-rich-text.ts';
import { printTable } from './print-table.ts';

const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** A text object, or text as it is. */
function text(world: World, object: unknown): string {
  if (typeof object === 'string') return object;
  if (!isRecord(object)) return '';
  const value = String(object.text ?? '');
  return object.type === 'mrkdwn' ? plainText(world, value) : value;
}

/** `[block X not drawn]`, for blocks and elements alike. */
const notDrawn = (type: unknown): string => `[block ${String(type)} not drawn]`;

const SELECT = /^(multi_)?(static|external|users|channels|conversations)_select$/;

function element(world: World, one: Record<string, unknown>): string {
  if (SELECT.test(String(one.type))) return `[ ${text(world, one.placeholder) || 'Select'} ▾ ]`;
  switch (one.type) {
    case 'button':
    case 'workflow_button':
      return `[ ${text(world, one.text)} ]`;
    case 'plain_text':
    case 'mrkdwn':
      return text(world, one);
    case 'image':
      return `(image: ${String(one.alt_text)})`;
    case 'overflow':
      return '[ ⋯ ]';
    case 'radio_buttons':
    case 'checkboxes':
      return list(one.options)
        .map((option) => `${one.type === 'checkboxes' ? '☐' : '○'} ${text(world, option.text)}`)
        .join('  ');
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'rich_text_input':
    case 'file_input':
      return `[ ${text(world, one.placeholder) || String(one.type)} ]`;
    default:
      return notDrawn(one.type);
  }
}

const cell = (world: World, one: Record<string, unknown>): string =>
  one.type === 'rich_text' ? printRichText(world, one).join(' ') : String(one.text ?? '');

const rows = (world: World, block: Block): string[][] =>
  (Array.isArray(block.rows) ? block.rows : []).map((row) => list(row).map((one) => cell(world, one)));

const TASK_MARKS: Record<string, string> = { pending: '○', in_progress: '…', complete: '✓', error: '✗' };

function task(world: World, card: Record<string, unknown>): string[] {
  const more = [card.details, card.output].filter(isRecord).flatMap((rich) => printRichText(world, rich));
  return [
    `${TASK_MARKS[String(card.status)] ?? '?'} ${String(card.title)}`,
    ...more.map((line) => `    ${line}`),
  ];
}

function section(world: World, block: Block): string[] {
  const fields = list(block.fields).map((field) => text(world, field).replaceAll('\n', ' '));
  const accessory = isRecord(block.accessory) ? [element(world, block.accessory)] : [];
  return [...(block.text ? [text(world, block.text)] : []), ...fields, ...accessory];
}

function block(world: World, one: Block): string[] {
  switch (one.type) {
    case 'header':
      return [`== ${text(world, one.text)} ==`];
    case 'section':
      return section(world, one);
    case 'context':
      return [
        list(one.elements)
          .map((each) => element(world, each))
          .join(' · '),
      ];
    case 'actions':
      return [
        list(one.elements)
          .map((each) => element(world, each))
          .join('  '),
      ];
    case 'divider':
      return ['-'.repeat(40)];
    case 'rich_text':
      return printRichText(world, one);
    case 'markdown':
      return [String(one.text)];
    case 'image':
      return [`(image: ${text(world, one.title) || String(one.alt_text)})`];
    case 'table':
      return printTable(rows(world, one));
    case 'data_table':
      return [String(one.caption), ...printTable(rows(world, one))];
    case 'task_card':
      return task(world, one);
    case 'plan':
      return [String(one.title), ...list(one.tasks).flatMap((card) => task(world, card))];
    case 'input': {
      const input = isRecord(one.element) ? element(world, one.element) : '';
      return [`${text(world, one.label)}: ${input}`, ...(one.hint ? [text(world, one.hint)] : [])];
    }
    default:
      return [notDrawn(one.type)];
  }
}

/** The lines of blocks, in order. */
export const printBlocks = (world: World, blocks: readonly Block[]): string[] =>
  blocks.flatMap((one) => block(world, one)).flatMap((line) => line.split('\n'));
