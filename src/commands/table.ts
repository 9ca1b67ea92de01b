// Rows under headers, aligned. On a terminal a table is as wide as that at most: names give way, then whole columns; into a
// pipe or a file everything is written.
import { count } from '../slack/blocks/figures.ts';
import { visible } from '../text/visible.ts';
import { cutTo, widthOf } from '../text/width.ts';
import type { Line, Piece, Style } from './terminal.ts';

export type Column<Row> = {
  readonly head: string;
  /** Numbers are written to the right, with thousands set apart; null leaves the cell empty. */
  readonly cell: (row: Row) => string | number | null;
  /** How this row's cell is coloured; null: not at all. */
  readonly style?: (row: Row) => Style | null;
  /** A text that may be cut to so many columns where room is wanting. */
  readonly atLeast?: number;
  /** May be left out where cutting is not enough: the highest number goes first. */
  readonly leaveOut?: number;
};

type Laid<Row> = Column<Row> & { readonly cells: readonly string[]; readonly right: boolean; width: number };

const GAP = 2;

/**
 * The lines of a table, headers first; no line where there is no row. A column without a word in it is left out. `room` is how
 * many columns the terminal has, null where nothing has to fit; a column that was left out for want of room is named at
 * the end.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number | null,
  indent = '',
): Line[] {
  if (rows.length === 0) return [];
  const all = columns
    .map((column) => laid(column, rows))
    .filter(({ cells }) => cells.some((one) => one !== ''));
  const shown = room === null ? all : fitted(all, room - indent.length);
  const missing = all.filter((column) => !shown.includes(column)).map(({ head }) => head);
  const lineOf = (pieceOf: (column: Laid<Row>) => Piece): Line => [
    indent,
    ...shown.flatMap((column, index): Piece[] => {
      const isLast = index === shown.length - 1;
      return [...padded(column, pieceOf(column), isLast), isLast ? '' : ' '.repeat(GAP)];
    }),
  ];
  return [
    lineOf(({ head }) => ({ text: head, style: 'bold' })),
    ...rows.map((row, index) =>
      lineOf(({ cells, style }) => {
        const text = cells[index] ?? '';
        const how = style?.(row) ?? null;
        return how === null ? text : { text, style: how };
      }),
    ),
    ...(missing.length === 0
      ? []
      : [[indent, { text: `Not shown, for want of room: ${missing.join(', ')}.`, style: 'dim' } as const]]),
  ];
}

function laid<Row>(column: Column<Row>, rows: readonly Row[]): Laid<Row> {
  const values = rows.map((row) => column.cell(row));
  const cells = values.map((value) =>
    // As it will be seen: an escape code is longer then.
    typeof value === 'number' ? count(value) : visible(value ?? ''),
  );
  const width = Math.max(widthOf(column.head), ...cells.map(widthOf));
  return { ...column, cells, width, right: values.some((value) => typeof value === 'number') };
}

/** The columns that fit, with their widths. */
function fitted<Row>(all: readonly Laid<Row>[], room: number): readonly Laid<Row>[] {
  const over = all.reduce((sum, { width }) => sum + width, GAP * (all.length - 1)) - room;
  const most = all.reduce((sum, column) => sum + column.width - narrowest(column), 0);
  const first = all.reduce<Laid<Row> | undefined>(
    (found, one) => ((one.leaveOut ?? 0) > (found?.leaveOut ?? 0) ? one : found),
    undefined,
  );
  if (over > most && first !== undefined)
    return fitted(
      all.filter((column) => column !== first),
      room,
    );
  for (let left = Math.min(over, most); left > 0; left -= 1) {
    // The widest gives way first.
    const [widest] = all
      .filter((column) => column.width > narrowest(column))
      .sort((a, b) => b.width - a.width);
    if (widest !== undefined) widest.width -= 1;
  }
  return all;
}

function narrowest<Row>({ atLeast, width, head }: Laid<Row>): number {
  return atLeast === undefined ? width : Math.min(width, Math.max(atLeast, widthOf(head)));
}

function padded<Row>({ width, right, atLeast }: Laid<Row>, piece: Piece, isLast: boolean): Piece[] {
  const whole = typeof piece === 'string' ? piece : piece.text;
  const text = atLeast === undefined ? whole : cutTo(whole, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  const shown = typeof piece === 'string' ? text : { ...piece, text };
  if (right) return [space, shown];
  return isLast ? [shown] : [shown, space];
}
