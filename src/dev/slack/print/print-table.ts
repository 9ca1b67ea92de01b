// A table as text, its columns as wide as what is in them, up to a limit.
const WIDEST = 60;

const width = (text: string): number => [...text].length;

function cut(text: string): string {
  const oneLine = text.replaceAll(/\s*\n\s*/g, ' ⏎ ');
  return width(oneLine) > WIDEST ? `${[...oneLine].slice(0, WIDEST - 1).join('')}…` : oneLine;
}

/** One line per row; the first is underlined. */
export function printTable(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(cut));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...cells.map((row) => width(row[i] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((wide, i) => `${row[i] ?? ''}${' '.repeat(wide - width(row[i] ?? ''))}`)
      .join(' | ')
      .trimEnd();
  const [head, ...body] = cells.map(line);
  if (head === undefined) return [];
  return [head, widths.map((wide) => '-'.repeat(wide)).join('-+-'), ...body];
}
