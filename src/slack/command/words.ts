// The words of a command: `name`, `name=value`, `--name`, with quotes that hold spaces. Must never look
// twice at the same text (a command may be long) and never decide what a name or a value means.

/**
 * A value with the kind of quotes around it. `flaw`: `unclosed`, the quote is never closed; `tail`, text
 * follows the closing quote (`text` is then the likeliest reading); `broken`, and there is no such reading.
 */
export type Quoted = {
  readonly text: string;
  readonly quotes: 'none' | 'straight' | 'curly';
  readonly flaw: 'none' | 'unclosed' | 'tail' | 'broken';
};

/**
 * `name` is null where the word can't be a name; `assigned` says that `=` or `:` follows the name, `value`
 * what follows that (for a word without a name: its quoted text); `source` is the word as it stands.
 */
export type Word = {
  readonly name: string | null;
  readonly dashes: 'none' | 'one' | 'option';
  readonly assigned: boolean;
  readonly value: Quoted | null;
  readonly source: string;
};

type Slice = { readonly value: Quoted; readonly end: number };

// A Mac makes `”` of a quote after `=` and German keyboards `„`: which way it curls says nothing.
const FAMILIES = [
  { straight: '"', curly: '“”„‟' },
  { straight: "'", curly: '‘’‚‛' },
] as const;

const HEAD = /([-–—―]*)(?:(\p{L}[\p{L}\p{N}_-]*)([=:])?)?/uy;

/** Splits the text into words. Quotes open only where a value or a word begins: `couldn't` is a word. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  const hopeless = new Set<string>();
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const { word, end } = wordAt(text, at, hopeless);
    words.push(word);
    at = skipSpace(text, end);
  }
  return words;
}

/** The text as the keys were pressed: curly quotes straight, long dashes as `--`. */
export function straighten(text: string): string {
  return text
    .replaceAll(/[“”„‟]/g, '"')
    .replaceAll(/[‘’‚‛]/g, "'")
    .replaceAll(/[–—―]/g, '--');
}

function wordAt(text: string, at: number, hopeless: Set<string>): { word: Word; end: number } {
  const plainEnd = nextSpace(text, at);
  HEAD.lastIndex = at;
  const [head = '', typedDashes = '', name, separator] = HEAD.exec(text) ?? [];
  const dashes = typedDashes === '' ? 'none' : typedDashes === '-' ? 'one' : 'option';
  const next = at + head.length;
  if (head === '' && isQuote(text[at])) {
    const { value, end } = quotedAt(text, at, hopeless);
    return { word: { name: null, dashes, assigned: false, value, source: text.slice(at, end) }, end };
  }
  if (name === undefined || (separator === undefined && next < plainEnd)) {
    const source = text.slice(at, plainEnd);
    return { word: { name: null, dashes, assigned: false, value: null, source }, end: plainEnd };
  }
  if (next === plainEnd) {
    const source = text.slice(at, plainEnd);
    return { word: { name, dashes, assigned: separator !== undefined, value: null, source }, end: plainEnd };
  }
  const { value, end } = isQuote(text[next])
    ? quotedAt(text, next, hopeless)
    : { value: unquoted(text.slice(next, plainEnd)), end: plainEnd };
  return { word: { name, dashes, assigned: true, value, source: text.slice(at, end) }, end };
}

function unquoted(text: string): Quoted {
  return { text, quotes: 'none', flaw: 'none' };
}

/**
 * The quoted text that begins at `start`. Quotes of the opening one's own style close it, so that curly ones
 * inside straight ones are text; the other style only where there is none of its own.
 */
function quotedAt(text: string, start: number, hopeless: Set<string>): Slice {
  const opening = text[start] ?? '';
  const family = FAMILIES.find(({ straight, curly }) => straight === opening || curly.includes(opening));
  const isStraight = family?.straight === opening;
  const own = isStraight ? opening : (family?.curly ?? '');
  const other = isStraight ? (family?.curly ?? '') : (family?.straight ?? '');
  const quotes = isStraight ? 'straight' : 'curly';
  for (const closers of [own, other]) {
    const close = find(text, `[${closers}]`, start + 1, hopeless);
    if (close < 0) continue;
    return closedAt(text, start, close, { closers, quotes }, hopeless);
  }
  const end = nextSpace(text, start);
  return { value: { text: text.slice(start + 1, end), quotes, flaw: 'unclosed' }, end };
}

function closedAt(
  text: string,
  start: number,
  close: number,
  { closers, quotes }: { closers: string; quotes: Quoted['quotes'] },
  hopeless: Set<string>,
): Slice {
  const strict = text.slice(start + 1, close);
  const end = nextSpace(text, close + 1);
  const tail = text.slice(close + 1, end);
  if (tail === '') return { value: { text: strict, quotes, flaw: 'none' }, end };
  if (/^[,;]+$/.test(tail)) return { value: { text: strict, quotes, flaw: 'tail' }, end };
  // `'couldn't find'`: the quote that ends a word is the likeliest end, good for a correction only.
  const later = find(text, `[${closers}](?=\\s|$)`, close + 1, hopeless);
  if (later < 0) return { value: { text: '', quotes, flaw: 'broken' }, end };
  return { value: { text: text.slice(start + 1, later), quotes, flaw: 'tail' }, end: later + 1 };
}

/** Index of the next match, or -1; a pattern that was not found once is not searched for again. */
function find(text: string, pattern: string, from: number, hopeless: Set<string>): number {
  if (hopeless.has(pattern)) return -1;
  const search = new RegExp(pattern, 'g');
  search.lastIndex = from;
  const index = search.exec(text)?.index ?? -1;
  if (index < 0) hopeless.add(pattern);
  return index;
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && /["'“”„‟‘’‚‛]/.test(character);
}

function nextSpace(text: string, from: number): number {
  const space = /\s/g;
  space.lastIndex = from;
  return space.exec(text)?.index ?? text.length;
}

function skipSpace(text: string, from: number): number {
  const solid = /\S/g;
  solid.lastIndex = from;
  return solid.exec(text)?.index ?? text.length;
}
