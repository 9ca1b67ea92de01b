// Text from the database is data. Here it loses everything that Slack or a reader could take for more: markup,
// mentions, links, invisible characters, length, secrets. No other file may put such text into a message raw.

import { maskSecrets } from './secrets.ts';

/** Longest text that is looked at; what is read from an execution's logs is cut there in the database. */
const LONGEST = 4000;

const WORD_JOINER = '\u2060';

/** Controls, bidi and other format characters, and whatever else is drawn as nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Letters that are written from right to left; they pull the digits beside them along. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The three characters that Slack's markup is made of, as it wants them written. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * One line of well-formed, visible text: whitespace collapsed, controls, bidi marks and zero-width characters
 * gone, half surrogate pairs as `�`, and at most three accents on one letter.
 */
export function clean(text: string): string {
  return cut(text, LONGEST)
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The beginning, up to the end of a word: half a secret is not known for one. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, length);
  const end = head.search(/\s\S*$/);
  return `${end > length / 2 ? head.slice(0, end) : head}…`;
}

/** Clean, masked, and not much longer than what is shown of it: masking what nobody sees would cost the same. */
function safe(text: string, max: number): string {
  return maskSecrets(clean(cut(text, Math.min(LONGEST, 4 * max + 1000))));
}

/** At most `codePoints` of them, the last one `…` where something is missing. Keeps pairs and entities whole. */
export function clip(text: string, codePoints: number): string {
  let used = 0;
  let end = 0; // where the text is cut if it turns out too long: room for the ellipsis
  for (const unit of text.matchAll(/&(?:amp|lt|gt);|[\s\S]/gu)) {
    used += unit[0].startsWith('&') ? unit[0].length : 1;
    if (used > codePoints) return codePoints > 0 ? `${text.slice(0, end)}…` : '';
    if (used < codePoints) end = unit.index + unit[0].length;
  }
  return text;
}

/** Inline code that its content can't end: the backtick becomes a look-alike, a line break a space. */
export function inCode(escaped: string): string {
  const content = escaped.replaceAll('`', 'ˋ').replace(/\s+/gu, ' ').trim();
  return `\`${isolate(content) || '(empty)'}\``;
}

/** Stops what a client might make of bare text: `@here`, `#general`, `https://…`, `www.a.com`, `:tada:`. */
export function breakAutolinks(text: string): string {
  return text
    .replace(/[@#]/g, `$&${WORD_JOINER}`)
    .replaceAll('://', `:${WORD_JOINER}//`)
    .replace(/(?<=[\p{L}\p{N}-])\.(?=[\p{L}\p{N}])/gu, `.${WORD_JOINER}`)
    .replace(/(?<!\d):(?=[\w+'-]+:)/g, `:${WORD_JOINER}`)
    .replaceAll('`', 'ˋ');
}

/** Data inside a mrkdwn block: always inline code, so that code in a message means "from the database". */
export function quote(text: string, max: number): string {
  return inCode(clip(escapeMrkdwn(safe(text, max)), max));
}

/** Data inside a message's top-level text, where a screen reader reads it aloud: between quotation marks. */
export function quoteAloud(text: string, max: number): string {
  return `“${isolate(clip(breakAutolinks(escapeMrkdwn(safe(text, max))), max))}”`;
}

/** Data in a plain_text or raw_text object, or in a file: no markup is read there, so none is escaped. */
export function plain(text: string, max: number): string {
  return clip(safe(text, max), max);
}

/** A sentence of our own that may repeat what somebody typed. */
export function sentence(text: string, max: number): string {
  return isolate(clip(breakAutolinks(escapeMrkdwn(safe(text, max))), max));
}

/** Keeps right-to-left letters from reordering the counts and names beside them. */
function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
