// Where the reading of a command stands, and what the words ahead of it are to a value: a part of it, or the next thing.
// Must never take what another field says.
import type { RequestField } from '../../domain/request.ts';
import { isUndecided, resolveField, shapeOf } from './fields.ts';
import type { Given } from './given.ts';
import { isErrorText, isNoun, leadsToTime } from './loose/phrases.ts';
import { tokensOf } from './loose/tokens.ts';
import type { Problem } from './problem.ts';
import { isNegation, readSwitch } from './switches.ts';
import type { Word } from './words.ts';

/** What stray words after a value belong to: a text without quotes, a list without commas, or nothing. */
export type Open = 'text' | 'list' | 'unclosed text' | 'ignored' | 'nothing';

export type Scan = {
  readonly words: readonly Word[];
  readonly given: Given[];
  readonly problems: Problem[];
  readonly strays: Word[];
  /** Runs of words that belong to no field. */
  readonly loose: (readonly Word[])[];
  readonly left: string[];
  at: number;
  open: Open;
};

/** `12:30`, `UTC-04:00`, `−04:00`, `30.`: part of a time, whatever else it looks like. */
const OF_A_TIME = /^(?:utc|gmt)?[+＋−\p{Pd}]?\d/iu;
/** `EDT`, also where it is near the name of a field. */
const LIKE_A_ZONE = /^[A-Z]{1,5}$/;

/** Whether the word asks for help, where it is none of a text's. */
export function asksForHelp({ name, assigned, source, dashes }: Word): boolean {
  if (source === '?') return true;
  const wish = name?.toLowerCase();
  return !assigned && (wish === 'help' || (wish === 'h' && dashes !== 'none'));
}

/** `error=please help` looks for a text; but `--help` right behind a value, as the last word, is a wish. */
export function isInText(scan: Scan, { dashes }: Word): boolean {
  const isWish = dashes === 'option' && scan.strays.length === 0 && scan.at === scan.words.length - 1;
  return isText(scan) && !isWish;
}

/** `errors in the last 2 hours` names no field: the word says what every command is about. */
export function isSaying({ words, at }: Scan, { name, assigned, dashes }: Word): boolean {
  if (name === null || assigned || dashes !== 'none' || !isNoun(name.toLowerCase())) return false;
  return leadsToTime(words[at]?.source.toLowerCase() ?? '');
}

/** The words as they were typed. */
export function sourceOf(words: readonly Word[]): string {
  return words.map(({ source }) => source).join(' ');
}

/** Whether words that stand alone belong to a text. */
export function isText({ open }: Scan): boolean {
  return open === 'text' || open === 'unclosed text';
}

/** The flag behind the word `at`, where that is a `no`: it must not be taken for on. */
export function negated(
  scan: Scan,
  at: number,
): { word: Word; name: string; field: RequestField } | undefined {
  const [no, word] = [scan.words[at], scan.words[at + 1]];
  if (no === undefined || no.assigned || !isNegation(no.source)) return undefined;
  if (word === undefined || word.name === null || word.assigned) return undefined;
  const named = resolveField(word.name);
  if (named.kind !== 'field' || shapeOf(named.field) !== 'flag') return undefined;
  return { word, name: word.name, field: named.field };
}

/** An option or another field is not a value: `--error --since 2h` lacks one. */
export function canBeValue(word: Word | undefined): word is Word {
  if (word === undefined || word.dashes === 'option' || isUndecided(word.source)) return false;
  return !(word.assigned && word.name !== null && resolveField(word.name).kind === 'field');
}

/**
 * `2026-05-11 12:30` is one time, although a space is in it; and what stands behind a time and is not understood, a zone for
 * instance, belongs to it: without it the time is another one.
 */
export function joinTime(scan: Scan, text: string): string {
  const parts = [text];
  for (
    let next = scan.words[scan.at];
    next !== undefined && isOfTime(scan, next);
    next = scan.words[scan.at]
  ) {
    parts.push(next.source);
    scan.at += 1;
  }
  return parts.join(' ');
}

function isOfTime(scan: Scan, word: Word): boolean {
  const { name, assigned, dashes, source } = word;
  if (OF_A_TIME.test(source)) return true;
  if (tokensOf([word]).every(isErrorText)) return false;
  if (asksForHelp(word) || isUndecided(source) || negated(scan, scan.at) !== undefined) return false;
  if (name === null) return true;
  if (assigned || dashes !== 'none' || readSwitch(name)?.negated) return false;
  const named = resolveField(name);
  return named.kind === 'unknown' && (named.suggestion === undefined || LIKE_A_ZONE.test(source));
}

/** `7, 12` is one list, although a space is in it. */
export function joinList(scan: Scan, text: string): string {
  const parts = [text];
  for (let next = scan.words[scan.at]; canBeValue(next); next = scan.words[scan.at]) {
    if (!parts.at(-1)?.endsWith(',') && !next.source.startsWith(',')) break;
    parts.push(next.source);
    scan.at += 1;
  }
  return parts.join('');
}
