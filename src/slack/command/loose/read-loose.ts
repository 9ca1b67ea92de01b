// What stands in a command without a field's name → fields, each said as it was read. Must never read half of it: one word that
// is not understood, and nothing that stands beside it is.
import { formatInstant } from '../../../domain/instant.ts';
import type { RequestField } from '../../../domain/request.ts';
import type { Customers } from '../customers.ts';
import type { Given, GivenValue } from '../given.ts';
import { type Problem, quote, shorten } from '../problem.ts';
import type { Word } from '../words.ts';
import { whyNotRead } from './hints.ts';
import { errorAt, fillerAt, idsAt, reasonAt, restAt } from './phrases.ts';
import { type Token, tokensOf, typed } from './tokens.ts';
import { type Window, windowAt } from './window.ts';

/**
 * `said`: one sentence for each phrase, how it was read. `problems` and `left`: what was not, for the operator to decide.
 */
export type LooseRead = {
  readonly given: readonly Given[];
  readonly said: readonly Problem[];
  readonly problems: readonly Problem[];
  readonly left: readonly string[];
};

/** Most of a run that is repeated. */
const SHOWN = 400;

type Piece = { readonly given: readonly Given[]; readonly says: string; readonly length: number };

/** Reads the runs of words that no field has; `now` is what `2h` counts from. */
export function readLoose(runs: readonly (readonly Word[])[], now: number, customers: Customers): LooseRead {
  const given: Given[] = [];
  const said: Problem[] = [];
  const problems: Problem[] = [];
  const left: string[] = [];
  for (const words of runs) {
    const read = readRun(tokensOf(words), now, customers);
    if (read.kind === 'read') {
      given.push(...read.given);
      said.push(...read.says.map((message) => ({ field: null, message })));
      continue;
    }
    const whole = words
      .map(({ source }) => source)
      .join(' ')
      .slice(0, SHOWN);
    problems.push({ field: null, message: `${quote(whole)} ${read.why}` });
    left.push(whole);
  }
  return { given, said, problems, left };
}

type RunRead =
  | { readonly kind: 'read'; readonly given: readonly Given[]; readonly says: readonly string[] }
  | { readonly kind: 'unread'; readonly why: string };

function readRun(tokens: readonly Token[], now: number, customers: Customers): RunRead {
  const given: Given[] = [];
  const says: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const piece = pieceAt(tokens, at, now);
    if (piece === undefined) return { kind: 'unread', why: whyNotRead(tokens, at, customers) };
    const clash = piece.given.find(({ field }) => given.some((one) => one.field === field));
    if (clash !== undefined) return { kind: 'unread', why: twice(clash.field) };
    const customer = piece.given.some((one) => isCustomer(one, customers));
    if (customer) return { kind: 'unread', why: CUSTOMER_OR_TEXT };
    given.push(...piece.given);
    says.push(`${quote(typed(tokens.slice(at, at + piece.length)))} ${piece.says}`);
    at += piece.length;
  }
  return { kind: 'read', given, says };
}

/** The phrase that begins at token `at`. The order matters only where a word could begin two. */
function pieceAt(tokens: readonly Token[], at: number, now: number): Piece | undefined {
  const ids = idsAt(tokens, at);
  if (ids !== undefined) {
    const says = `was read as execution_uuids (${ids.found.length})`;
    return piece([['execution_uuids', text(ids.found.join(','))]], says, ids.length);
  }
  const window = windowAt(tokens, at, now);
  if (window !== undefined) return { ...ofWindow(window.found), length: window.length };
  const rest = restAt(tokens, at);
  if (rest !== undefined) return piece([['rest_of', text(rest.found)]], 'was read as rest_of', rest.length);
  const reason = reasonAt(tokens, at);
  if (reason !== undefined)
    return piece([['reason', text(reason.found)]], 'was read as reason', reason.length);
  const error = errorAt(tokens, at);
  if (error !== undefined) {
    const { quoted, source } = error.found;
    const value = quoted ?? { text: source.replace(/[.,;]+$/, ''), quotes: 'straight' };
    const word = { kind: 'word', text: value.text, exact: value.quotes === 'straight' } as const;
    return piece([['error_pattern', word]], 'was read as error_pattern', error.length);
  }
  const filler = fillerAt(tokens, at);
  return filler > 0 ? piece([], 'was left out: every command asks for that', filler) : undefined;
}

function ofWindow({ since, until, assumed, day }: Window): Omit<Piece, 'length'> {
  const ends: [RequestField, GivenValue][] = [];
  const words: string[] = [];
  for (const [field, instant] of [
    ['since', since],
    ['until', until],
  ] as const) {
    if (instant === null) continue;
    ends.push([field, { kind: 'json', value: formatInstant(instant), exact: true }]);
    words.push(`${field}=${formatInstant(instant)}`);
  }
  const how = day === null ? '' : `, the whole of ${day} in UTC`;
  const zone = assumed ? ', in UTC since it has no time zone' : '';
  return piece(ends, `was read as ${words.join(' ')}${how}${zone}`, 0);
}

function piece(fields: readonly [RequestField, GivenValue][], says: string, length: number): Piece {
  return { given: fields.map(([field, value]) => ({ field, typed: field, value })), says, length };
}

function text(value: string): GivenValue {
  return { kind: 'word', text: value, exact: true };
}

function twice(field: RequestField): string {
  return `says more than one ${shorten(field)}; write it as ${field}=…, once`;
}

const CUSTOMER_OR_TEXT = 'is text to search or a customer, and only you know: write error="…" or vendor="…"';

/** Whether a text that no field's name stands before is what a customer is called. */
function isCustomer({ field, value }: Given, customers: Customers): boolean {
  if (field !== 'error_pattern' || value.kind !== 'word') return false;
  return (customers(value.text)?.length ?? 0) > 0;
}
