// What the terminal that an operator looks at is shown: text in which nothing does anything to a terminal, and colours where
// it has them.
import { fstatSync } from 'node:fs';
import { styleText } from 'node:util';
import { visible } from '../text/visible.ts';

export type Style = Parameters<typeof styleText>[0];

/** A part of a line, perhaps in a colour. */
export type Piece = string | { readonly text: string; readonly style: Style };

export type Line = string | readonly Piece[];

/**
 * The line as it is written to standard output. It has colours on a terminal and with FORCE_COLOR, none with NO_COLOR; the
 * text itself can bring none.
 */
export function drawn(line: Line): string {
  const pieces = typeof line === 'string' ? [line] : line;
  return pieces
    .map((piece) =>
      typeof piece === 'string' ? visible(piece) : styleText(piece.style, visible(piece.text)),
    )
    .join('');
}

/** The columns of the terminal that standard output is; null where it is none, and nothing has to fit. */
export function columns(): number | null {
  return process.stdout.isTTY ? process.stdout.columns || null : null;
}

/** Whether standard output ends in a file, so that standard error alone is what somebody sees. */
export function isIntoFile(): boolean {
  try {
    return fstatSync(1).isFile();
  } catch {
    return false;
  }
}
