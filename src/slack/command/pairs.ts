// Words → fields with values, and every word that is neither. Must never give a misplaced word a meaning
// silently: whatever is taken beyond the grammar is named as a problem and only serves the correction.
import type { RequestField } from '../../domain/request.ts';
import { example, resolveField, type Suggestion, shapeOf, unknownField } from './fields.ts';
import type { Given, GivenValue, Reading } from './given.ts';
import { type Problem, quote, shorten } from './problem.ts';
import { type Quoted, splitWords, type Word } from './words.ts';

/** What stray words after a value belong to: a text without quotes, a list without commas, or nothing. */
type Open = 'text' | 'list' | 'unclosed text' | 'ignored' | 'nothing';

type Scan = {
  readonly words: readonly Word[];
  readonly given: Given[];
  readonly problems: Problem[];
  readonly strays: string[];
  at: number;
  open: Open;
};

type Taken = { readonly value: GivenValue; readonly quoted: Quoted | null };

const FLAWS = {
  unclosed: 'has a quote that is never closed',
  tail: 'has text right after its closing quote; leave a space there, or use the other kind of quotes around it all',
  broken:
    'has text right after its closing quote; leave a space there, or use the other kind of quotes around it all',
} as const;

const MISSING: Taken = { value: { kind: 'missing' }, quoted: null };
const CLOCK = /^\d{2}:\d{2}(?::|$|[zZ+-])/;
const ZONE = /^(?:z|utc|[+-]\d{2}(?::?\d{2})?)$/i;

/** Reads the command's grammar; answers all that was given, and all that is wrong with how it was given. */
export function readPairs(text: string): Reading {
  const scan: Scan = { words: splitWords(text), given: [], problems: [], strays: [], at: 0, open: 'nothing' };
  for (let word = scan.words[scan.at]; word !== undefined; word = scan.words[scan.at]) {
    scan.at += 1;
    if (asksForHelp(word)) return { kind: 'help' };
    step(scan, word);
  }
  flushStrays(scan);
  return { kind: 'given', given: scan.given, problems: scan.problems };
}

function asksForHelp({ name, assigned, source, dashes }: Word): boolean {
  if (source === '?') return true;
  const wish = name?.toLowerCase();
  return !assigned && (wish === 'help' || (wish === 'h' && dashes !== 'none'));
}

function step(scan: Scan, word: Word): void {
  if (word.name === null) {
    scan.strays.push(word.source);
    return;
  }
  const named = resolveField(word.name);
  if (named.kind === 'unknown') {
    takeUnknown(scan, word, word.name, named.suggestion);
    return;
  }
  flushStrays(scan);
  if (word.dashes === 'one') {
    scan.problems.push({
      field: named.field,
      message: `takes two dashes or none, as in ${example(named.field)}`,
    });
  }
  takeField(scan, word, named.field);
}

function takeUnknown(scan: Scan, word: Word, name: string, suggestion: Suggestion | undefined): void {
  const isText = scan.open === 'text' || scan.open === 'unclosed text';
  const isProse = suggestion === undefined ? isText || !word.assigned : isText && !word.assigned;
  if (word.dashes !== 'option' && isProse) {
    scan.strays.push(word.source);
    return;
  }
  flushStrays(scan);
  scan.problems.push({ field: shorten(name), message: unknownField(suggestion) });
  if (suggestion === undefined) scan.open = 'ignored';
  else takeField(scan, word, suggestion.field);
}

function takeField(scan: Scan, word: Word, field: RequestField): void {
  const shape = shapeOf(field);
  const taken = shape === 'flag' ? takeFlag(scan, word, field) : takeValue(scan, word, field);
  let { value } = taken;
  if (value.kind === 'word' && taken.quoted?.quotes === 'none') {
    const text = shape === 'text' ? value.text : joinFollowing(scan, value.text, shape);
    value = { ...value, text };
  }
  scan.given.push({ field, typed: word.name ?? field, value });
  scan.open = opened(shape, taken);
}

function opened(shape: string, { value, quoted }: Taken): Open {
  if (value.kind === 'missing') return 'ignored';
  if (quoted?.flaw === 'unclosed') return shape === 'text' ? 'unclosed text' : 'ignored';
  if (quoted?.quotes !== 'none') return 'nothing';
  return shape === 'text' ? 'text' : shape === 'ids' || shape === 'uuids' ? 'list' : 'nothing';
}

function takeFlag(scan: Scan, word: Word, field: RequestField): Taken {
  if (word.value !== null) return taken(scan, field, word.value);
  if (word.assigned) return takeSpaced(scan, field);
  const next = scan.words[scan.at];
  const said = next?.name === null ? (next.value?.text ?? '') : (next?.source ?? '');
  if (!/^(?:on|off|true|false)$/i.test(said)) return { value: { kind: 'bare' }, quoted: null };
  return word.dashes === 'option' ? takeNext(scan, field) : takeSpaced(scan, field);
}

function takeValue(scan: Scan, word: Word, field: RequestField): Taken {
  if (word.value !== null) return taken(scan, field, word.value);
  if (word.assigned || word.dashes !== 'option') return takeSpaced(scan, field);
  if (canBeValue(scan.words[scan.at])) return takeNext(scan, field);
  scan.problems.push({ field, message: `needs a value, as in ${example(field)}` });
  return MISSING;
}

/** `since 2h` or `since = 2h`: a mistake, but its meaning is plain enough for the corrected command. */
function takeSpaced(scan: Scan, field: RequestField): Taken {
  if (/^[=:]$/.test(scan.words[scan.at]?.source ?? '')) scan.at += 1;
  if (!canBeValue(scan.words[scan.at])) {
    scan.problems.push({ field, message: `needs a value, as in ${example(field)}` });
    return MISSING;
  }
  scan.problems.push({ field, message: `is written in one piece with its value, as in ${example(field)}` });
  return takeNext(scan, field);
}

function takeNext(scan: Scan, field: RequestField): Taken {
  const next = scan.words[scan.at];
  if (next === undefined) return MISSING;
  scan.at += 1;
  const value = next.name === null && next.value !== null ? next.value : null;
  return taken(scan, field, value ?? { text: next.source.replace(/^=/, ''), quotes: 'none', flaw: 'none' });
}

function taken(scan: Scan, field: RequestField, quoted: Quoted): Taken {
  if (quoted.flaw !== 'none') scan.problems.push({ field, message: FLAWS[quoted.flaw] });
  if (quoted.flaw === 'broken') return { value: { kind: 'missing' }, quoted };
  return { value: { kind: 'word', text: quoted.text, exact: quoted.quotes === 'straight' }, quoted };
}

/** An option or another field is not a value: `--error --since 2h` lacks one. */
function canBeValue(word: Word | undefined): word is Word {
  if (word === undefined || word.dashes === 'option') return false;
  return !(word.assigned && word.name !== null && resolveField(word.name).kind === 'field');
}

/** `2026-05-11 12:30` is one time and `7, 12` one list, although a space is in them. */
function joinFollowing(scan: Scan, text: string, shape: string): string {
  const parts = [text];
  const take = (next: Word) => {
    parts.push(next.source);
    scan.at += 1;
  };
  if (shape === 'time') {
    const clock = scan.words[scan.at];
    if (/^\d{4}-\d{2}-\d{2}$/.test(text) && clock !== undefined && CLOCK.test(clock.source)) take(clock);
    const zone = scan.words[scan.at];
    if (/:/.test(parts.at(-1) ?? '') && zone !== undefined && ZONE.test(zone.source)) take(zone);
    return parts.join(' ');
  }
  for (let next = scan.words[scan.at]; canBeValue(next); next = scan.words[scan.at]) {
    if (!parts.at(-1)?.endsWith(',') && !next.source.startsWith(',')) break;
    take(next);
  }
  return parts.join('');
}

/** Names the words that stood alone, once for a run of them, and adds them to the value they belong to. */
function flushStrays(scan: Scan): void {
  const strays = scan.strays.splice(0);
  const last = scan.given.at(-1);
  const { open } = scan;
  scan.open = 'nothing';
  if (strays.length === 0 || open === 'ignored') return;
  const run = quote(strays.join(' ').slice(0, 400));
  if (last?.value.kind !== 'word' || open === 'nothing') {
    const message = `${run} belongs to no field and is left out of the corrected command; write field=value, and error="…" for text to search`;
    scan.problems.push({ field: null, message });
    return;
  }
  const between = open === 'list' ? ',' : ' ';
  const text = [last.value.text, ...strays].join(between);
  scan.given[scan.given.length - 1] = { ...last, value: { ...last.value, text } };
  if (open === 'text') {
    scan.problems.push({
      field: last.field,
      message: `needs quotes, since it has spaces: ${run} stood outside`,
    });
  }
  if (open === 'list') {
    scan.problems.push({ field: last.field, message: `needs commas and no spaces: ${run} stood outside` });
  }
}
