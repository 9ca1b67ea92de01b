// The runbook's JSON body, pasted as it is. Must never let a field that is given twice win silently, as
// JSON.parse would, and keeps what can be read of a broken body, for the corrected command.
import { resolveField, unknownField } from './fields.ts';
import type { Given, GivenValue, Reading } from './given.ts';
import { type Problem, shorten } from './problem.ts';
import { asField, readSwitch, switched } from './switches.ts';

type Token = { readonly text: string; readonly start: number; readonly depth: number };
type Member = { readonly name: string; readonly source: string };
type Json = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'broken' };

/** What is said of a body that is no JSON. */
export const BROKEN: Problem = {
  field: null,
  message: 'The JSON body is not complete or not valid; check its quotes, commas and brackets',
};

/**
 * Reads a body, also one whose quotes a phone has curled (only where it doesn't read as it came, so that
 * curly quotes inside straight ones stay text). Names may be short forms, as in the command.
 */
export function readJsonBody(text: string): Reading {
  const isExact = parse(text).kind === 'json' || !/[“”„‟]/.test(text);
  const body = isExact ? text : text.replaceAll(/[“”„‟]/g, '"');
  const problems: Problem[] = parse(body).kind === 'json' ? [] : [BROKEN];
  const given: Given[] = [];
  const left: string[] = [];
  const { members, after } = readObject(body);
  for (const { name, source } of members) {
    const value = givenValue(source, isExact);
    const named = resolveField(name);
    if (named.kind === 'field') {
      given.push({ field: named.field, typed: name, value });
      continue;
    }
    const meant = readSwitch(name);
    const message = meant === undefined ? unknownField(named.suggestion) : asField(meant);
    problems.push({ field: shorten(name), message });
    if (meant !== undefined) given.push({ field: meant.field, typed: name, value: switched(meant, value) });
    else if (named.suggestion === undefined) left.push(name);
    else given.push({ field: named.suggestion.field, typed: name, value });
  }
  if (after !== '') left.push(after);
  return { kind: 'given', given, problems, loose: [], left, notes: [] };
}

function givenValue(source: string, exact: boolean): GivenValue {
  const parsed = parse(source);
  if (parsed.kind === 'json') return { kind: 'json', value: parsed.value, exact };
  // Python prints strings like this; the body is refused already, the text is good for the correction.
  if (/^'[^']*'$/.test(source)) return { kind: 'json', value: source.slice(1, -1), exact };
  return { kind: 'missing' };
}

function parse(source: string): Json {
  try {
    return { kind: 'json', value: JSON.parse(source) };
  } catch {
    return { kind: 'broken' };
  }
}

/** The outermost object's members in order, repeats included, and what stands after it. A name is what a colon follows. */
function readObject(body: string): { readonly members: Member[]; readonly after: string } {
  const tokens = tokenise(body);
  const names = tokens.flatMap((token, index) =>
    token.depth === 1 && tokens[index + 1]?.text === ':' && !/^[{}[\],:]/.test(token.text) ? [index] : [],
  );
  const close = tokens.find(({ text, depth }) => text === '}' && depth === 0)?.start ?? body.length;
  const members = names.flatMap((index, order) => {
    const [name, colon] = [tokens[index], tokens[index + 1]];
    if (name === undefined || colon === undefined || name.start > close) return [];
    const next = tokens[names[order + 1] ?? tokens.length]?.start ?? close;
    const source = body
      .slice(colon.start + 1, Math.min(next, close))
      .trim()
      .replace(/,$/, '');
    return [{ name: nameOf(name.text), source: source.trim() }];
  });
  return { members, after: body.slice(close + 1).trim() };
}

function nameOf(text: string): string {
  const parsed = parse(text);
  if (parsed.kind === 'json' && typeof parsed.value === 'string') return parsed.value;
  return text.replaceAll(/^['"]|['"]$/g, '');
}

/** Every character belongs to exactly one token or to the space between two; nothing is looked at twice. */
function tokenise(body: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const match of body.matchAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|'[^']*'?|[{}[\],:]|[^\s"'{}[\],:]+/g)) {
    const [text] = match;
    if (text === '}' || text === ']') depth -= 1;
    tokens.push({ text, start: match.index, depth });
    if (text === '{' || text === '[') depth += 1;
  }
  return tokens;
}
