// The text of a slash command → a request, the wish for help, or every mistake in it. Must never guess:
// whatever could mean two things is a mistake with a corrected command, which only the operator can send.
import { parseRequest, type RequestField, type RetryRequest } from '../../domain/request.ts';
import { asTyped } from './as-typed.ts';
import { correctedCommand } from './correct.ts';
import { isCurlCommand, readCurl } from './curl.ts';
import { emojiNotes } from './emoji.ts';
import type { Given } from './given.ts';
import { readJsonBody } from './json-body.ts';
import { readPairs } from './pairs.ts';
import { type Problem, shorten } from './problem.ts';
import { type JudgedValue, judgeValue, unusable } from './read-value.ts';

/** `notes` say what was read into the command that wasn't in it, such as a time zone. */
export type ParsedCommand =
  | { readonly kind: 'request'; readonly request: RetryRequest; readonly notes: readonly string[] }
  | { readonly kind: 'help' }
  | Mistakes;

/** Every mistake at once, and the command to paste instead. */
export type Mistakes = {
  readonly kind: 'mistakes';
  readonly problems: readonly Problem[];
  readonly corrected: string;
};

const SUPPRESSED_BY_DEFAULT =
  'suppress_notifications was not in the body and is on: that is the default in Slack';

/** Reads what follows `/retry-batch`, as Slack delivers it. `now` (epoch milliseconds) is what `2h` counts from. */
export function parseCommand(text: string, now: number): ParsedCommand {
  const typed = asTyped(text);
  if (typed === '') return { kind: 'help' };
  const isCurl = isCurlCommand(typed);
  const isBody = isCurl || typed.startsWith('{');
  const reading = isCurl ? readCurl(typed) : isBody ? readJsonBody(typed) : readPairs(typed);
  if (reading.kind === 'help') return reading;

  const judged = judge(reading.given, now);
  const inputs: [string, unknown][] = judged.values.map(({ field, input }) => [field, input]);
  const isQuiet = !judged.values.some(({ field }) => field === 'suppress_notifications');
  if (isQuiet) inputs.push(['suppress_notifications', true]);
  const parsed = parseRequest(Object.fromEntries(inputs));
  const issues = parsed.kind === 'mistakes' ? parsed.issues : [];
  const between = issues.map(({ path, message }) => ({ field: path, message }));
  const problems = [...reading.problems, ...judged.problems, ...between];
  if (parsed.kind === 'request' && problems.length === 0) {
    const notes = [...judged.values.flatMap(({ notes }) => notes), ...reading.notes];
    if (parsed.request.error_pattern !== null) notes.push(...emojiNotes(text));
    if (isBody && isQuiet) notes.push(SUPPRESSED_BY_DEFAULT);
    return { kind: 'request', request: parsed.request, notes };
  }
  return { kind: 'mistakes', problems, corrected: correctedCommand(judged.values, issues, reading.left) };
}

/** Judges every value, each field once; a field given twice is a mistake even where both say the same. */
function judge(given: readonly Given[], now: number): { values: JudgedValue[]; problems: Problem[] } {
  const byField = new Map<RequestField, Given[]>();
  for (const one of given) {
    const repeats = byField.get(one.field);
    if (repeats === undefined) byField.set(one.field, [one]);
    else repeats.push(one);
  }
  const values: JudgedValue[] = [];
  const problems: Problem[] = [];
  for (const [field, repeats] of byField) {
    const judged = repeats.map((one) => judgeValue(one, now));
    for (const message of new Set(judged.flatMap((one) => one.problems))) problems.push({ field, message });
    const [first] = judged;
    if (first === undefined) continue;
    if (judged.length > 1) problems.push({ field, message: repeated(repeats) });
    const isSame = judged.every((one) => sameValue(one, first));
    values.push(isSame ? first : unusable(field, []));
  }
  return { values, problems };
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
