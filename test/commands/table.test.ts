// Tables and bars as an operator's terminal draws them.
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { createBar } from '../../src/commands/bar.ts';
import { type Column, table } from '../../src/commands/table.ts';
import { drawn } from '../../src/commands/terminal.ts';
import { widthOf } from '../../src/text/width.ts';

type Row = { readonly name: string; readonly rows: number; readonly by: string };

const COLUMNS: readonly Column<Row>[] = [
  { head: 'customer', cell: ({ name }) => name, atLeast: 10 },
  { head: 'rows', cell: ({ rows }) => rows },
  { head: 'lists', cell: () => null },
  { head: 'asked by', cell: ({ by }) => by, atLeast: 8, leaveOut: 1 },
];

const ROWS: readonly Row[] = [
  { name: 'Acme & Söhne', rows: 7, by: 'priya@onramp.test' },
  { name: '株式会社オンランプ', rows: 12_345, by: '' },
];

const lines = (rows: readonly Row[], room: number | null) =>
  table(COLUMNS, rows, room).map((line) => stripVTControlCharacters(drawn(line)));

it('has headers, words to the left, numbers to the right with thousands set apart, and no empty column', () => {
  expect(lines(ROWS, null)).toEqual([
    'customer              rows  asked by',
    'Acme & Söhne             7  priya@onramp.test',
    '株式会社オンランプ  12,345  ',
  ]);
});

it('is nothing where there is no row', () => {
  expect(lines([], 80)).toEqual([]);
});

it('cuts names where room is wanting, then leaves columns out and says which', () => {
  expect(lines(ROWS, 36)).toEqual([
    'customer         rows  asked by',
    'Acme & Söhne        7  priya@onramp…',
    '株式会社オン…  12,345  ',
  ]);
  expect(lines(ROWS, 20)).toEqual([
    'customer        rows',
    'Acme & Söhne       7',
    '株式会社オ…   12,345',
    'Not shown, for want of room: asked by.',
  ]);
});

it('fits into any terminal that has room for its numbers, whatever the names', () => {
  const row = fc.record({ name: fc.string({ unit: 'grapheme' }), rows: fc.nat(), by: fc.string() });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 30, max: 200 }),
      (rows, room) => {
        const [head = '', ...body] = lines(rows, room).filter((line) => !line.startsWith('Not shown'));
        for (const line of [head, ...body]) expect(widthOf(line)).toBeLessThanOrEqual(room);
        expect(body).toHaveLength(rows.length);
      },
    ),
  );
});

it('sends no escape code of a name to the terminal', () => {
  const [, line = ''] = lines([{ name: 'Acme\u001b[2K\u202e', rows: 1, by: '' }], null);
  expect(line).toMatch(/^Acme\\u\{1b\}\[2K\\u\{202e\} +1/);
});

describe('a bar', () => {
  beforeAll(() => {
    process.env.TERM = 'xterm';
  });

  const screen = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
  };

  it('shows how far the work is on a terminal, and is gone at the end', () => {
    const terminal = screen(true);
    const bar = createBar('Exporting', 100_000, terminal);
    bar.to(42_000);
    bar.end();
    bar.end();
    expect(terminal.written).toHaveLength(2);
    expect(terminal.written[0]).toBe(
      `\rExporting ${'█'.repeat(10)}${'░'.repeat(14)}  42%  42,000 of 100,000\u001b[K`,
    );
    expect(terminal.written[1]).toBe('\r\u001b[K');
  });

  it('is nothing in a pipe or a file', () => {
    const pipe = screen(false);
    const bar = createBar('Exporting', 3, pipe);
    bar.step();
    bar.end();
    expect(pipe.written).toEqual([]);
  });
});
