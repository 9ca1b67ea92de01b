// A reading never matches more rows than what was typed could mean, and nothing that was typed goes missing: whatever people put
// together of times, errors, ids, customers, numbers and words that nobody but them understands.
import fc from 'fast-check';
import type { RetryRequest } from '../../../src/domain/request.ts';
import type { Customers } from '../../../src/slack/command/customers.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { cases } from '../../support/cases.ts';
import { NOW } from './asked.ts';

const RUNS = { numRuns: cases(20_000) };
/** About one in seven is read at all, and says of some rows that they match: fewer would prove little. */
const LEAST = RUNS.numRuns / 12;
const A = '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31';
const B = '5f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10';
const C = 'c0ffee00-6a1f-4d0e-8f3a-2d9b7c5e4a31';

type Row = {
  readonly at: number;
  readonly vendor: number;
  readonly message: string;
  readonly id: string;
  /** Its place among all that match; whoever asks for the first ten means no other. */
  readonly nth: number;
};

/** What somebody types, and which rows it could mean at all: where it has several meanings, in any of them. */
type Piece = { readonly text: string; readonly could: (row: Row) => boolean };

const piece = (text: string, could: Piece['could'] = () => true): Piece => ({ text, could });
const from = (text: string, utc: string): Piece => piece(text, ({ at }) => at >= Date.parse(utc));
const within = (text: string, since: string, until: string): Piece =>
  piece(text, ({ at }) => at >= Date.parse(since) && at < Date.parse(until));
const says = (text: string, words: string): Piece => piece(text, ({ message }) => message.includes(words));
const CUSTOMERS = [{ id: 7, name: 'Foxglove Retail' }];
const customers: Customers = (name) =>
  CUSTOMERS.filter((one) => one.name.toLowerCase() === name.toLowerCase());

const TIMES: readonly Piece[] = [
  from('2h', '2026-05-12T06:00:00Z'),
  from('90 min ago', '2026-05-12T06:30:00Z'),
  from('last 3 hours', '2026-05-12T05:00:00Z'),
  from('in the last 3 hours', '2026-05-12T05:00:00Z'),
  from('since=2h', '2026-05-12T06:00:00Z'),
  from('since 2h', '2026-05-12T06:00:00Z'),
  from('since=yesterday', '2026-05-11T00:00:00Z'),
  // The day, or all since then; of whichever zone.
  from('yesterday', '2026-05-10T10:00:00Z'),
  from('today', '2026-05-11T10:00:00Z'),
  from('2026-05-11', '2026-05-10T10:00:00Z'),
  from('2026-05-11 08:20', '2026-05-10T18:20:00Z'),
  from('2026-05-11 08:20 UTC+2', '2026-05-11T06:20:00Z'),
  from('2026-05-11 08:20 EDT', '2026-05-11T12:20:00Z'),
  from('2026-05-11 08:20 America/New_York', '2026-05-11T12:20:00Z'),
  from('2026-05-11 02:30 PM UTC', '2026-05-11T14:30:00Z'),
  from('since=2026-05-11 02:30 PM', '2026-05-11T00:30:00Z'),
  from('12/05/2026', '2026-05-11T10:00:00Z'),
  // Of today, or of the day that it stands behind.
  from('06:15 UTC', '2026-05-11T06:15:00Z'),
  within('2026-05-11 08:20 to 10:30 UTC+2', '2026-05-11T06:20:00Z', '2026-05-11T08:30:00Z'),
  within('2026-05-11 08:20 to 10:30 EDT', '2026-05-11T12:20:00Z', '2026-05-11T14:30:00Z'),
  within('between 3h and 1h ago', '2026-05-12T05:00:00Z', '2026-05-12T07:00:00Z'),
  within('from yesterday to 2h ago', '2026-05-10T10:00:00Z', '2026-05-12T06:00:00Z'),
  piece('until=1h', ({ at }) => at < Date.parse('2026-05-12T07:00:00Z')),
  piece('until 1h ago', ({ at }) => at < Date.parse('2026-05-12T07:00:00Z')),
  from('gestern', '2026-05-10T10:00:00Z'),
];

const isFoxglove = ({ vendor, message }: Row) => vendor === 7 || message.includes('Foxglove Retail');

const FILTERS: readonly Piece[] = [
  says('new_task', 'new_task'),
  says('KeyError', 'KeyError'),
  says('"b c"', 'b c'),
  says('“b c”', 'b c'),
  says('with new_task', 'new_task'),
  says('error=new_task', 'new_task'),
  says('--error "b c"', 'b c'),
  says('timeout', 'timeout'),
  piece('not new_task', ({ message }) => !message.includes('new_task')),
  piece('-new_task', ({ message }) => !message.includes('new_task')),
  piece('vendor=7', ({ vendor }) => vendor === 7),
  piece('--vendor 7', ({ vendor }) => vendor === 7),
  piece('vendor 7', ({ vendor }) => vendor === 7),
  piece('vendor="foxglove retail"', ({ vendor }) => vendor === 7),
  piece('vendor=Foxglove Retail', ({ vendor }) => vendor === 7),
  piece('vendor=larch', () => false),
  piece('"Foxglove Retail"', isFoxglove),
  piece('Foxglove Retail', isFoxglove),
  piece('for Foxglove Retail', isFoxglove),
  piece('except Foxglove Retail', (row) => row.vendor !== 7),
  piece('larch', () => false),
  ...['limit=10', 'limit 10', 'first 10', 'top 10', 'only 10', '--max 10'].map((text) =>
    piece(text, ({ nth }) => nth < 10),
  ),
  piece('status=FAILED', () => false),
];

const IDS = [A, B, `${A} ${B}`, `${A},\n${B}`, `- ${A}`, `'${B}'`].map((text) => piece(text));

const NEUTRAL = ['please', 'retry', 'all', 'force', 'suppress=off', 'dry_run=false', 'for ONRAMP-4887'].map(
  (text) => piece(text),
);

const OFFSETS = [-1, 0].map((ms) => ms);
const ROWS: readonly Row[] = [
  ...[
    '10T18:20',
    '11T00:00',
    '11T02:30',
    '11T06:20',
    '11T08:20',
    '11T08:30',
    '11T10:30',
    '11T12:20',
    '11T14:30',
  ],
  ...['12T00:00', '12T05:00', '12T06:00', '12T06:15', '12T06:30', '12T07:00', '12T08:00'],
].flatMap((at, index) =>
  OFFSETS.flatMap((offset) =>
    ['new_task b c', 'KeyError', 'new_task timeout', 'nothing of it'].map((message, nth) => ({
      at: Date.parse(`2026-05-${at}:00Z`) + offset,
      vendor: (index + nth) % 2 === 0 ? 7 : 12,
      message,
      id: [A, B, C][(index + nth) % 3] ?? C,
      nth: index * 3 + nth,
    })),
  ),
);

function matches(request: RetryRequest, row: Row): boolean {
  const { since, until, vendor_ids, execution_uuids, error_pattern } = request;
  if (execution_uuids !== null && !execution_uuids.includes(row.id)) return false;
  if (since !== null && row.at < Date.parse(since)) return false;
  if (since !== null && row.at >= (until === null ? NOW : Date.parse(until))) return false;
  if (vendor_ids !== null && !vendor_ids.includes(row.vendor)) return false;
  return error_pattern === null || row.message.includes(error_pattern);
}

/** What can be run of it: as it is, as it was read, or as it was corrected. */
function runnable(text: string): RetryRequest | undefined {
  const parsed = parseCommand(text, NOW, customers);
  if (parsed.kind === 'help') return undefined;
  return parsed.kind === 'mistakes' ? parsed.whole?.request : parsed.request;
}

const pieces = fc
  .tuple(
    fc.subarray([...TIMES], { maxLength: 2 }),
    fc.subarray([...FILTERS], { maxLength: 2 }),
    fc.subarray(IDS, { maxLength: 1 }),
    fc.subarray(NEUTRAL, { maxLength: 2 }),
  )
  .chain((groups) => {
    const all = groups.flat();
    return fc.shuffledSubarray(all, { minLength: all.length });
  })
  .filter((all) => all.length > 0);
const typed = fc.tuple(pieces, fc.constantFrom(' ', '  ', '\n', ', ', ' \u200b'));

test('it matches no row that what was typed could not mean', () => {
  let matching = 0;
  fc.assert(
    fc.property(typed, ([all, between]) => {
      const text = all.map((one) => one.text).join(between);
      const request = runnable(text);
      if (request === undefined) return;
      if (ROWS.some((row) => matches(request, row))) matching += 1;
      const ids = all
        .filter((one) => IDS.includes(one))
        .flatMap((one) => [A, B].filter((id) => one.text.includes(id)));
      const wrong = ROWS.filter(
        (row) =>
          matches(request, row) &&
          !(all.every(({ could }) => could(row)) && (ids.length === 0 || ids.includes(row.id))),
      );
      expect([text, printCommand(request), wrong.slice(0, 1)]).toEqual([text, printCommand(request), []]);
      // Nobody hears of it who was not meant to, and nothing runs.
      expect([text, request.suppress_notifications]).toEqual([text, !text.includes('suppress=off')]);
      expect(request.force_retry && !text.includes('force')).toBe(false);
      expect(request.dry_run).toBe(true);
    }),
    RUNS,
  );
  expect(matching).toBeGreaterThan(LEAST);
});

test('no word of it goes missing unsaid', () => {
  let read = 0;
  fc.assert(
    fc.property(typed, ([all, between]) => {
      const text = all.map((one) => one.text).join(between);
      const parsed = parseCommand(text, NOW, customers);
      if (parsed.kind !== 'reading') return;
      read += 1;
      const told = [
        printCommand(parsed.request),
        ...parsed.said.map(({ message }) => message),
        ...parsed.notes,
      ].join(' ');
      for (const word of text.replaceAll('\u200b', '').split(/[\s,]+/)) {
        // A field is in the command; of a long list of ids the command has all.
        if (word === '-' || /[=]|^--/.test(word)) continue;
        expect([text, told]).toEqual([text, expect.stringContaining(word.replaceAll(/["'“”]/g, ''))]);
      }
    }),
    RUNS,
  );
  expect(read).toBeGreaterThan(LEAST);
});
