// The corpus of what people type. The clock stands at 2026-05-12T08:00:00Z, a Tuesday. In its files stands what a line is, and
// indented under that, as they were typed, the lines that are: ⏎ and ␍ are the two halves of a line's end.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `clear`: it runs. `reading`: it is shown as this command. `slip`: a mistake with this command, which is whole. */
export type Line =
  | readonly [typed: string, kind: 'clear' | 'reading' | 'slip', command: string]
  /** A mistake that shows what is left to fill in; `hole` is a piece of that. */
  | readonly [typed: string, kind: 'unread', hole: string]
  | readonly [typed: string, kind: 'help', nothing: ''];

const TYPED = '    ';

/** The lines of `<topic>.txt`, in its order. Throws where something stands there that is no line, nor what one is. */
export function linesOf(topic: string): readonly Line[] {
  const path = fileURLToPath(new URL(`${topic}.txt`, import.meta.url));
  let kind = '';
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text): Line[] => {
      if (text === '' || text.startsWith('# ')) return [];
      if (!text.startsWith(TYPED)) {
        kind = text;
        return [];
      }
      const typed = text.slice(TYPED.length).replaceAll('⏎', '\n').replaceAll('␍', '\r');
      const [, is, what] = /^(clear|reading|slip|unread|help)(?: (.+))?$/.exec(kind) ?? [];
      if (is === undefined || (is === 'help') !== (what === undefined))
        throw new Error(`${path}: "${text}" stands under "${kind}"`);
      return [[typed, is, what ?? ''] as Line];
    });
}
