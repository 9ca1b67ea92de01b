// What tired people type, line by line: which of it runs, which is shown as a command first, and what nobody but them can read.
import type { Customers } from '../../../src/slack/command/customers.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { NOW, throughSlack } from './asked.ts';
import { linesOf } from './readings/lines.ts';

/** Customers as the database would know them; two are called Twin, and one is called like two others together. */
const CUSTOMERS = [
  { id: 7, name: 'Foxglove Retail' },
  { id: 9, name: 'Acme, Inc.' },
  { id: 21, name: 'Twin' },
  { id: 22, name: 'twin' },
  { id: 31, name: 'Ash' },
  { id: 32, name: 'Birch' },
  { id: 33, name: 'Ash,Birch' },
];
const customers: Customers = (name) =>
  CUSTOMERS.filter((one) => one.name.toLowerCase() === name.toLowerCase());

const LINES = [...linesOf('times'), ...linesOf('spans'), ...linesOf('filters')];

function judged(typed: string): readonly unknown[] {
  const parsed = parseCommand(throughSlackOnce(typed), NOW, customers);
  switch (parsed.kind) {
    case 'help':
      return ['help', ''];
    case 'request':
      return ['clear', printCommand(parsed.request)];
    case 'reading':
      return ['reading', printCommand(parsed.request)];
    case 'mistakes':
      return parsed.whole === null
        ? ['unread', parsed.corrected]
        : ['slip', printCommand(parsed.whole.request)];
  }
}

/** Lines with Slack's own markup in them are as they arrive. */
function throughSlackOnce(typed: string): string {
  return /<[@#!h]/.test(typed) ? typed : throughSlack(typed);
}

test('the corpus has at least 300 lines, each once', () => {
  expect(LINES.length).toBeGreaterThanOrEqual(300);
  expect(new Set(LINES.map(([typed]) => typed)).size).toBe(LINES.length);
});

test.each(LINES)('%j is %s: %s', (typed, kind, expected) => {
  if (kind === 'help') return expect(judged(typed)).toEqual(['help', '']);
  if (kind === 'unread') return expect(judged(typed)).toEqual(['unread', expect.stringContaining(expected)]);
  return expect(judged(typed)).toEqual([kind, `/retry-batch ${expected}`]);
});

test('nothing at all asks for help', () => {
  expect(judged('')).toEqual(['help', '']);
});
