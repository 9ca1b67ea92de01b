// The text of a slash command → a request, the wish for help, or every mistake in it. Must never guess:
// whatever could mean two things is a mistake with a corrected command, which only the operator can send.
import { parseRequest, type RequestField, type RetryRequest } from '../../domain/request.ts';
import { asTyped } from './as-typed.ts';
import { correctedCommand } from './correct.ts';
import { isCurlCommand, readCurl } from './curl.ts';
import { type Customers, NO_CUSTOMERS } from './customers.ts';
import { emojiNotes } from './emoji.ts';
import type { Given } from './given.ts';
import { readJsonBody } from './json-body.ts';
import { readLoose } from './loose/read-loose.ts';
import { readPairs } from './pairs.ts';
import { type Problem, shorten } from './problem.ts';
import { type JudgedValue, judgeValue, unusable } from './read-value.ts';

/** What was understood. `notes` say what was read into the command that wasn't in it, such as a time zone. */
export type Understood = { readonly request: RetryRequest; readonly notes: readonly string[] };

/** `reading`: it was not written as a command has to be, and what it means is plain; `said` tells phrase by phrase how it was read. */
export type ParsedCommand =
  | ({ readonly kind: 'request' } & Understood)
  | ({ readonly kind: 'reading'; readonly said: readonly Problem[] } & Understood)
  | { readonly kind: 'help' }
  | Mistakes;

/** Every mistake at once, and the command to paste instead; `whole` is what that asks for, where nothing in it is left to fill in. */
export type Mistakes = {
  readonly kind: 'mistakes';
  readonly problems: readonly Problem[];
  readonly corrected: string;
  readonly whole: Understood | null;
};

const SUPPRESSED_BY_DEFAULT =
  'suppress_notifications was not in the body and is on: that is the default in Slack';

/**
 * Reads what follows `/retry-batch`, as Slack delivers it. `now` (epoch milliseconds) is what `2h` counts from; `customers` are
 * those that were looked up by the names in it.
 */
export function parseCommand(text: string, now: number, customers: Customers = NO_CUSTOMERS): ParsedCommand {
  const parsed = parse(text, now, customers);
  if (parsed.kind !== 'mistakes') return parsed;
  const again = parse(parsed.corrected, now, customers);
  if (again.kind !== 'request') return parsed;
  const notes = new Set([...parsed.notes, ...again.notes]);
  return { ...parsed, whole: { request: again.request, notes: [...notes] } };
}

/** The names in a command that may be customers': what has to be looked up before it is read. */
export function namesIn(text: string, now: number): string[] {
  const names = new Set<string>();
  parse(text, now, (name) => {
    names.add(name);
    return undefined;
  });
  return [...names];
}

type Parsed = Exclude<ParsedCommand, Mistakes> | (Mistakes & { readonly notes: readonly string[] });

function parse(text: string, now: number, customers: Customers): Parsed {
  const typed = asTyped(text);
  if (typed === '') return { kind: 'help' };
  const isCurl = isCurlCommand(typed);
  const isBody = isCurl || typed.startsWith('{');
  const reading = isCurl ? readCurl(typed) : isBody ? readJsonBody(typed) : readPairs(typed);
  if (reading.kind === 'help') return reading;

  const loose = readLoose(reading.loose, now, customers);
  const judged = judge([...reading.given, ...loose.given], now, customers);
  const inputs: [string, unknown][] = judged.values.map(({ field, input }) => [field, input]);
  const isQuiet = !judged.values.some(({ field }) => field === 'suppress_notifications');
  if (isQuiet) inputs.push(['suppress_notifications', true]);
  const parsed = parseRequest(Object.fromEntries(inputs));
  const issues = parsed.kind === 'mistakes' ? parsed.issues : [];
  const between = issues.map(({ path, message }) => ({ field: path, message }));
  const notes = [...judged.values.flatMap(({ notes }) => notes), ...reading.notes];
  const isWrong = [...reading.problems, ...loose.problems, ...between].length > 0 || judged.isWrong;
  if (parsed.kind === 'request' && !isWrong) {
    if (parsed.request.error_pattern !== null) notes.push(...emojiNotes(text));
    if (isBody && isQuiet) notes.push(SUPPRESSED_BY_DEFAULT);
    const understood = { request: parsed.request, notes };
    const said = [...loose.said, ...judged.problems];
    return said.length === 0 ? { kind: 'request', ...understood } : { kind: 'reading', said, ...understood };
  }
  const problems = [...reading.problems, ...loose.problems, ...loose.said, ...judged.problems, ...between];
  const left = [...reading.left, ...loose.left];
  const corrected = correctedCommand(judged.values, issues, left);
  return { kind: 'mistakes', problems, corrected, whole: null, notes };
}

type Judged = {
  readonly values: readonly JudgedValue[];
  /** What is wrong, and how the rest was read where it was not written as it has to be. */
  readonly problems: readonly Problem[];
  readonly isWrong: boolean;
};

/** Judges every value, each field once; a field given twice is a mistake even where both say the same. */
function judge(given: readonly Given[], now: number, customers: Customers): Judged {
  const byField = new Map<RequestField, Given[]>();
  for (const one of given) {
    const repeats = byField.get(one.field);
    if (repeats === undefined) byField.set(one.field, [one]);
    else repeats.push(one);
  }
  const values: JudgedValue[] = [];
  const problems: Problem[] = [];
  let isWrong = false;
  for (const [field, repeats] of byField) {
    const judged = repeats.map((one) => judgeValue(one, now, customers));
    for (const message of new Set(judged.flatMap((one) => [...one.problems, ...one.said])))
      problems.push({ field, message });
    isWrong ||= repeats.length > 1 || judged.some((one) => one.problems.length > 0);
    const [first] = judged;
    if (first === undefined) continue;
    if (judged.length > 1) problems.push({ field, message: repeated(repeats) });
    const isSame = judged.every((one) => sameValue(one, first));
    values.push(isSame ? first : unusable(field, []));
  }
  return { values, problems, isWrong };
}

function repeated(repeats: readonly Given[]): string {
  const names = [...new Set(repeats.map(({ typed }) => shorten(typed)))].slice(0, 5);
  const times = repeats.length === 2 ? 'twice' : `${repeats.length} times`;
  const as = names.length > 1 ? ` (as ${names.join(' and ')})` : '';
  return `is given ${times}${as}; give it once`;
}

function sameValue(one: JudgedValue, other: JudgedValue): boolean {
  return JSON.stringify([one.input, one.shown?.json]) === JSON.stringify([other.input, other.shown?.json]);
}
