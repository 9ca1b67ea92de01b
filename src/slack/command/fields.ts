// The fields of the slash command: the runbook's names, their short forms, and what kind of value each has.
// Must never know a field that the request doesn't have.
import { nearest } from '../../domain/nearest.ts';
import { isRequestField, REQUEST_FIELDS, type RequestField } from '../../domain/request.ts';

export type Shape = 'time' | 'ids' | 'uuids' | 'batch' | 'text' | 'issue' | 'flag';

/** A name as typed: a field, or none, with the one that was probably meant. */
export type NamedField =
  | { readonly kind: 'field'; readonly field: RequestField }
  | { readonly kind: 'unknown'; readonly suggestion: Suggestion | undefined };

/** `name` is what the operator would type (perhaps a short form), `field` the runbook's name. */
export type Suggestion = { readonly name: string; readonly field: RequestField };

const SHORT_FORMS: ReadonlyMap<string, RequestField> = new Map([
  ['vendor', 'vendor_ids'],
  ['ramp', 'ramp_uuids'],
  ['ids', 'execution_uuids'],
  ['rest', 'rest_of'],
  ['error', 'error_pattern'],
  ['suppress', 'suppress_notifications'],
  ['force', 'force_retry'],
  ['for', 'reason'],
  ['sentry', 'sentry_issue'],
]);

/** Words that people write between others; as a field's name they take a sign that they are one. */
const EVERYDAY: ReadonlySet<string> = new Set(['for', 'rest', 'reason', 'sentry']);

const NAMES: readonly string[] = [...REQUEST_FIELDS, ...SHORT_FORMS.keys()].filter(
  // Too short and too common to be what a slip meant; and "retry" is no slip of "sentry".
  (name) => !['for', 'rest', 'sentry'].includes(name),
);

const SHAPES: Readonly<Record<RequestField, Shape>> = {
  since: 'time',
  until: 'time',
  vendor_ids: 'ids',
  ramp_uuids: 'uuids',
  execution_uuids: 'uuids',
  rest_of: 'batch',
  error_pattern: 'text',
  suppress_notifications: 'flag',
  force_retry: 'flag',
  reason: 'text',
  sentry_issue: 'issue',
  dry_run: 'flag',
};

/** What kind of value a field has. */
export function shapeOf(field: RequestField): Shape {
  return SHAPES[field];
}

/** Finds the field; capitals (phones make them) and `-` for `_` (as options are spelt) don't count. */
export function resolveField(name: string): NamedField {
  const field = lookUp(name.toLowerCase().replaceAll('-', '_'));
  if (field !== undefined) return { kind: 'field', field };
  const guess = nearest(name, NAMES);
  const meant = guess === undefined ? undefined : lookUp(guess);
  if (guess === undefined || meant === undefined) return { kind: 'unknown', suggestion: undefined };
  return { kind: 'unknown', suggestion: { name: guess, field: meant } };
}

/** Whether the word is no field's name unless `=`, `:` or two dashes say so: a text may hold it. */
export function isEveryday(name: string): boolean {
  return EVERYDAY.has(name.toLowerCase());
}

/** What to say about a name that is no field. */
export function unknownField(suggestion: Suggestion | undefined): string {
  return suggestion === undefined
    ? `is not a field: say it with one, or leave it out; the fields are ${REQUEST_FIELDS.join(', ')}`
    : `is not a field; did you mean ${suggestion.name}?`;
}

/** What stands in a corrected command where only the operator knows the value; it never parses. */
export function placeholder(shape: Shape): string {
  switch (shape) {
    case 'time':
      return '<time>';
    case 'ids':
      return '<ids>';
    case 'uuids':
      return '<uuids>';
    case 'batch':
      return '<batch>';
    case 'text':
      return '<text>';
    case 'issue':
      return '<issue>';
    case 'flag':
      return '<on-or-off>';
  }
}

/**
 * What stands in a corrected command for something that no field has: left out by us it would ask for more than was meant.
 * It never parses either, and read again it is the same.
 */
export function undecided(text: string): string {
  const kept = text
    .slice(0, 200)
    .replaceAll(/-or-leave-out>/g, '')
    .replaceAll(/[^\p{L}\p{N}_.,=-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `<${[...kept].slice(0, 30).join('') || 'the-rest'}-or-leave-out>`;
}

/** Whether a word is such a one, pasted as it was. */
export function isUndecided(word: string): boolean {
  return /^<[^<>\s]*-or-leave-out>$/.test(word);
}

/** What a word says of a flag; undefined where it says nothing. */
export function flagOf(text: string): boolean | undefined {
  if (/^(?:on|true|yes)$/i.test(text)) return true;
  return /^(?:off|false|no)$/i.test(text) ? false : undefined;
}

/** A field with a value, for a sentence that says how it is written. */
export function example(field: RequestField): string {
  switch (shapeOf(field)) {
    case 'time':
      return `${field}=2h`;
    case 'ids':
      return `${field}=7,12`;
    case 'uuids':
      return `${field}=0b8c…,5f1e…`;
    case 'batch':
      return `${field}=3f2a9c1e`;
    case 'text':
      return `${field}="two words"`;
    case 'issue':
      return `${field}=ONRAMP-4F2`;
    case 'flag':
      return `${field}=on`;
  }
}

function lookUp(name: string): RequestField | undefined {
  return isRequestField(name) ? name : SHORT_FORMS.get(name);
}
