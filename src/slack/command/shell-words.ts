// The words of a pasted shell command, by the rules of a POSIX shell and of bash's `$'…'`. Must never run or expand
// anything; and reads what phones and Macs make of quotes, dashes and the ends of lines.

/** `bare`: nothing of it was quoted, so that `|` and `;` mean what they mean to a shell. */
export type ShellWord = { readonly text: string; readonly bare: boolean; readonly start: number };

export type ShellWords =
  | { readonly kind: 'words'; readonly words: readonly ShellWord[] }
  /** A quote is never closed. */
  | { readonly kind: 'unclosed'; readonly words: readonly ShellWord[] };

/** Straight ones are closed by straight ones, curly ones by any of their kind; between double ones a backslash escapes. */
const ENDS: Readonly<Record<string, RegExp>> = {
  "'": /'/g,
  '"': /["\\]/g,
  "$'": /['\\]/g,
  ...Object.fromEntries([...'‘’‚‛'].map((opening) => [opening, /['‘’‚‛]/g])),
  ...Object.fromEntries([...'“”„‟'].map((opening) => [opening, /["“”„‟\\]/g])),
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Splits the text; every character is looked at once. */
export function shellWords(text: string): ShellWords {
  const words: ShellWord[] = [];
  let at = 0;
  while (at < text.length) {
    // A backslash before a space ends a line that somebody's clipboard has joined with the next one.
    const gap = /^(?:\s|\\(?=\s|$))+/.exec(text.slice(at, at + 1000));
    if (gap !== null) {
      at += gap[0].length;
      continue;
    }
    const word = wordAt(text, at);
    words.push(word);
    if (word.end === undefined) return { kind: 'unclosed', words };
    at = word.end;
  }
  return { kind: 'words', words };
}

function wordAt(text: string, start: number): ShellWord & { readonly end: number | undefined } {
  const parts: string[] = [];
  let bare = true;
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? '';
    const next = text[at + 1] ?? ' ';
    if (/\s/.test(character) || (character === '\\' && /\s/.test(next))) break;
    const opening = character === '$' && next === "'" ? "$'" : character;
    if (ENDS[opening] !== undefined) {
      const quoted = quotedAt(text, at, opening);
      parts.push(quoted.text);
      bare = false;
      if (quoted.end === undefined) return { text: parts.join(''), bare, start, end: undefined };
      at = quoted.end;
    } else if (character === '\\') {
      parts.push(next);
      bare = false;
      at += 2;
    } else {
      parts.push(character);
      at += 1;
    }
  }
  return { text: parts.join(''), bare, start, end: at };
}

/** What stands between the quote that begins at `start` and the one that closes it. */
function quotedAt(
  text: string,
  start: number,
  opening: string,
): { readonly text: string; readonly end: number | undefined } {
  const read = opening === "$'" ? ansiEscape : doubleQuoteEscape;
  const parts: string[] = [];
  let from = start + opening.length;
  for (;;) {
    const at = indexOf(ENDS[opening] ?? /$/g, text, from);
    if (at < 0) return { text: parts.join('') + text.slice(from), end: undefined };
    parts.push(text.slice(from, at));
    if (text[at] !== '\\') return { text: parts.join(''), end: at + 1 };
    const { said, length } = read(text, at);
    parts.push(said);
    from = at + length;
  }
}

/** Between double quotes a backslash is one, but before these. */
function doubleQuoteEscape(text: string, slash: number): { said: string; length: number } {
  const next = text[slash + 1] ?? '';
  if (next === '\n') return { said: '', length: 2 };
  return /["“”„‟\\$`]/.test(next) ? { said: next, length: 2 } : { said: '\\', length: 1 };
}

function ansiEscape(text: string, slash: number): { said: string; length: number } {
  const code = /^\\(?:u([0-9a-f]{1,4})|x([0-9a-f]{1,2}))/i.exec(text.slice(slash, slash + 6));
  if (code !== null) {
    return {
      said: String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '', 16)),
      length: code[0].length,
    };
  }
  const next = text[slash + 1] ?? '';
  return { said: ESCAPES[next] ?? `\\${next}`, length: 2 };
}

function indexOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}
