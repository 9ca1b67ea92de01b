// Words → fields with values, and every word that is neither. Must never give a misplaced word a meaning
// silently: whatever is taken beyond the grammar is named as a problem and only serves the correction.
import type { RequestField } from '../../domain/request.ts';
import {
  example,
  flagOf,
  isEveryday,
  isUndecided,
  resolveField,
  type Suggestion,
  shapeOf,
  unknownField,
} from './fields.ts';
import type { GivenValue, Reading } from './given.ts';
import { quote, shorten } from './problem.ts';
import {
  asksForHelp,
  canBeValue,
  isInText,
  isSaying,
  isText,
  joinList,
  joinTime,
  negated,
  type Open,
  type Scan,
  sourceOf,
} from './scan.ts';
import { joinedWith } from './strays.ts';
import { asField, readSwitch, type Switch, switched } from './switches.ts';
import { type Quoted, splitWords, type Word } from './words.ts';

type Taken = { readonly value: GivenValue; readonly quoted: Quoted | null };

const FLAWS = {
  unclosed: 'has a quote that is never closed',
  tail: 'has text right after its closing quote; leave a space there, or use the other kind of quotes around it all',
  broken:
    'has text right after its closing quote; leave a space there, or use the other kind of quotes around it all',
} as const;

const MISSING: Taken = { value: { kind: 'missing' }, quoted: null };

/** Reads the command's grammar; answers all that was given, and all that is wrong with how it was given. */
export function readPairs(text: string): Reading {
  const words = splitWords(text);
  const scan: Scan = {
    words,
    given: [],
    problems: [],
    strays: [],
    loose: [],
    left: [],
    at: 0,
    open: 'nothing',
  };
  for (let word = scan.words[scan.at]; word !== undefined; word = scan.words[scan.at]) {
    if (asksForHelp(word) && !isInText(scan, word)) return { kind: 'help' };
    scan.at += 1;
    step(scan, word);
  }
  flushStrays(scan);
  const { given, problems, loose, left } = scan;
  return { kind: 'given', given, problems, loose, left, notes: [] };
}

function step(scan: Scan, word: Word): void {
  if (isUndecided(word.source)) {
    flushStrays(scan);
    scan.problems.push({
      field: null,
      message: `${quote(word.source)} is still to be decided: write it as a field, or leave it out`,
    });
    scan.left.push(word.source);
    return;
  }
  if (asksForHelp(word)) {
    scan.strays.push(word);
    return;
  }
  const flag = isText(scan) ? undefined : negated(scan, scan.at - 1);
  if (flag !== undefined) {
    scan.at += 1;
    const typed = `${word.source} ${flag.name}`;
    takeSwitch(scan, { ...flag.word, dashes: 'option' }, typed, {
      field: flag.field,
      on: false,
      negated: true,
    });
    return;
  }
  if (word.name === null) {
    scan.strays.push(word);
    return;
  }
  if (isEveryday(word.name) && !word.assigned && word.dashes !== 'option') {
    scan.strays.push(word);
    return;
  }
  if (!isText(scan) && isSaying(scan, word)) {
    scan.strays.push(word);
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
  const meant = readSwitch(name);
  const isNear = suggestion !== undefined || meant?.negated === true;
  const isProse = isNear ? isText(scan) && !word.assigned : isText(scan) || !word.assigned;
  if (word.dashes !== 'option' && isProse) {
    scan.strays.push(word);
    return;
  }
  if (meant !== undefined) {
    takeSwitch(scan, word, name, meant);
    return;
  }
  flushStrays(scan);
  scan.problems.push({ field: shorten(name), message: unknownField(suggestion) });
  if (suggestion !== undefined) {
    takeField(scan, word, suggestion.field);
    return;
  }
  scan.left.push(word.source);
  scan.open = 'ignored';
}

/** `--no-suppress`: said what it is, and understood for the corrected command. */
function takeSwitch(scan: Scan, word: Word, typed: string, meant: Switch): void {
  flushStrays(scan);
  scan.problems.push({ field: shorten(typed), message: asField(meant) });
  const { value } = takeFlag(scan, word, meant.field);
  scan.given.push({ field: meant.field, typed, value: switched(meant, value) });
}

function takeField(scan: Scan, word: Word, field: RequestField): void {
  const shape = shapeOf(field);
  const taken = shape === 'flag' ? takeFlag(scan, word, field) : takeValue(scan, word, field);
  let { value } = taken;
  if (value.kind === 'word' && shape === 'time') value = { ...value, text: joinTime(scan, value.text) };
  else if (
    value.kind === 'word' &&
    taken.quoted?.quotes === 'none' &&
    (shape === 'ids' || shape === 'uuids')
  ) {
    value = { ...value, text: joinList(scan, value.text) };
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
  const isBare = flagOf(said) === undefined || negated(scan, scan.at) !== undefined;
  if (isBare) return { value: { kind: 'bare' }, quoted: null };
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
  const isHalf = quoted.flaw === 'unclosed' && shapeOf(field) !== 'text';
  if (quoted.flaw === 'broken' || isHalf) return { value: { kind: 'missing' }, quoted };
  return { value: { kind: 'word', text: quoted.text, exact: quoted.quotes === 'straight' }, quoted };
}

/** Gives the words that stood alone, a run of them at a time, to the value that they belong to, or to the reader of such words. */
function flushStrays(scan: Scan): void {
  const strays = scan.strays.splice(0);
  const last = scan.given.at(-1);
  const { open } = scan;
  scan.open = 'nothing';
  if (strays.length === 0 || open === 'ignored') return;
  const belongsTo = last === undefined ? undefined : joinedWith(last, open, strays);
  if (last === undefined || belongsTo === undefined) {
    scan.loose.push(strays);
    return;
  }
  scan.given[scan.given.length - 1] = { ...last, value: belongsTo.value };
  const run = quote(sourceOf(strays).slice(0, 400));
  if (belongsTo.lacks !== null)
    scan.problems.push({ field: last.field, message: `needs ${belongsTo.lacks}: ${run} stood outside` });
}
