// What else than time stands alone in a command: ids, the text of an error, an incident's key, words that ask for nothing. Must
// never take an everyday word for a text to search: whoever typed it may have meant a customer.

import type { Phrase, Token } from './tokens.ts';
import { isTimeZoneCity } from './zones.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** What a list is written with: quotes, brackets, commas, the bars of a table, the marks before its items. */
const OF_A_LIST = /^[\s,;'"“”„‟‘’‚‛`[\](){}|•*·-]*$/;
const ITEM_MARK = /^(?:[-–—*•·|]|\d{1,4}[.)])$/;

/** `new_task`, `UnboundLocalError`: nobody writes such a word but for a piece of an error. */
const CODE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;
const ERROR_NAME = /^(?:[A-Z][a-z0-9]+)+(?:Error|Exception|Timeout|Warning)$/;
const LIKE_A_ZONE = /^(?:[A-Z]{1,5}|[A-Za-z]+\/[A-Za-z_]+)$/;

const INCIDENT = /^[A-Z][A-Z0-9]{1,15}-\d{1,7}$/;
const BATCH = /^[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i;

/** Courtesies, and verbs that say what every command asks for anyway. */
const FILLER =
  /^(?:please|pls|plz|thanks|thx|retry|replay|rerun|re-run|redo|show|me|dry-?run|everything|all)$/;
/** What it is all about; a preposition has to follow, or it may be a piece of an error. */
const NOUN = /^(?:failures?|failed|errors?|executions?|failing)$/;
const BEFORE_TIME = /^(?:in|within|over|during|for|from|of|since|after|between|on|last|past|the)$/;

/** UUIDs side by side, however the list is written; nothing else may stand in it. */
export function idsAt(tokens: readonly Token[], at: number): Phrase<readonly string[]> | undefined {
  const ids: string[] = [];
  let next = at;
  let end = at;
  while (next < tokens.length) {
    const source = (tokens[next]?.source ?? '').replaceAll(/\p{Pd}/gu, '-');
    const found = source.match(UUID);
    if (found !== null && OF_A_LIST.test(source.replaceAll(UUID, ' '))) {
      ids.push(...found.map((id) => id.toLowerCase()));
      next += 1;
      end = next;
    } else if (OF_A_LIST.test(source) || ITEM_MARK.test(source)) next += 1;
    else break;
  }
  if (ids.length === 0) return undefined;
  // A bracket that closes the list.
  while (OF_A_LIST.test(tokens[end]?.source ?? 'x')) end += 1;
  return { found: ids, length: end - at };
}

/** A text in quotes, or a word of code, with what leads to it: `with new_task`. */
export function errorAt(tokens: readonly Token[], at: number): Phrase<Token> | undefined {
  const lead = /^(?:with|containing|matching)$/.test(tokens[at]?.word ?? '') ? 1 : 0;
  const token = tokens[at + lead];
  return token !== undefined && isErrorText(token) ? { found: token, length: lead + 1 } : undefined;
}

/** Whether a word can only be a text to search: what may be a zone behind a time is none. */
export function isErrorText({ quoted, source }: Token): boolean {
  if (quoted !== null)
    return quoted.flaw === 'none' && quoted.text.trim() !== '' && !LIKE_A_ZONE.test(quoted.text);
  const bare = source.replace(/[.,;]+$/, '');
  return (CODE.test(bare) && !isTimeZoneCity(bare)) || ERROR_NAME.test(bare);
}

/** `for ONRAMP-4887` */
export function reasonAt(tokens: readonly Token[], at: number): Phrase<string> | undefined {
  const [lead, key] = [tokens[at], tokens[at + 1]];
  if (lead?.word !== 'for' || key === undefined || key.quoted !== null) return undefined;
  return INCIDENT.test(key.source) ? { found: key.source, length: 2 } : undefined;
}

/** `rest of 3f2a9c1e` */
export function restAt(tokens: readonly Token[], at: number): Phrase<string> | undefined {
  const lead = tokens[at]?.word === 'the' ? 1 : 0;
  if (tokens[at + lead]?.word !== 'rest' || tokens[at + lead + 1]?.word !== 'of') return undefined;
  const gap = tokens[at + lead + 2]?.word === 'batch' ? 3 : 2;
  const id = tokens[at + lead + gap];
  if (id === undefined || !BATCH.test(id.word)) return undefined;
  return { found: id.word, length: lead + gap + 1 };
}

/** Words that ask for nothing more: `please`, `failed executions` before `in the last 2 hours`. */
export function fillerAt(tokens: readonly Token[], at: number): number {
  if (FILLER.test(tokens[at]?.word ?? '')) return 1;
  let end = at;
  while (isNoun(tokens[end]?.word ?? '')) end += 1;
  return end > at && (BEFORE_TIME.test(tokens[end]?.word ?? '') || FILLER.test(tokens[end]?.word ?? ''))
    ? end - at
    : 0;
}

/** Whether the word names what every command is about. */
export function isNoun(word: string): boolean {
  return NOUN.test(word);
}

/** Whether a phrase of time may begin with it. */
export function leadsToTime(word: string): boolean {
  return BEFORE_TIME.test(word);
}
