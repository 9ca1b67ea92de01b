// The customers of a run in its thread: each with what became of its executions, as a table while that fits, and a text to paste
// for support.
import type { RichTextBlock } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import { CUSTOMER_COLUMNS } from '../../text/columns.ts';
import { count } from './figures.ts';
import { OURS } from './limits.ts';
import { type ListAnswer, TABLE_MAX_ROWS, table } from './lists.ts';
import { firstThatFits, fits, linesWithin, type Message, section } from './message.ts';
import { type Supported, type SupportRoom, supportLines } from './support-text.ts';
import { PASTED, SAID, SHOWN } from './voice.ts';

const ROOMS: readonly [SupportRoom, ...SupportRoom[]] = [
  { lacking: 30, others: 10, name: 60 },
  { lacking: 10, others: 5, name: 40 },
  { lacking: 5, others: 0, name: 30 },
];

/** The table with the text, or too long for one message. */
export function customersTable(of: Supported): ListAnswer {
  if (of.customers.length > TABLE_MAX_ROWS) return { kind: 'too_long' };
  const message = customersMessage(of, true);
  return fits(message) ? { kind: 'message', message } : { kind: 'too_long' };
}

/** The text alone, which the file stands under. */
export function customersAboveFile(of: Supported): Message {
  return customersMessage(of, false);
}

function customersMessage(of: Supported, withTable: boolean): Message {
  const id = shortId(of.batch.id);
  const title = `Customers: ${count(of.customers.length)}`;
  return firstThatFits(ROOMS, (room) => ({
    text: linesWithin([`${title}, batch ${SAID.quote(id, 12)}.`, ...supportLines(of, SAID, room)], OURS.text),
    blocks: [
      section([`*${title}* · batch ${SHOWN.quote(id, 12)}`]),
      ...(withTable ? [table(CUSTOMER_COLUMNS, of.customers)] : []),
      preformatted(supportLines(of, PASTED, room)),
    ],
  }));
}

/** Nothing in it is markup. */
function preformatted(lines: readonly string[]): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: lines.join('\n') }] }],
  };
}
