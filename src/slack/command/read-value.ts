// One given value, judged alone: what goes into the request, how a corrected command repeats it, what is
// wrong with it. Must never coerce: what the request's own rules refuse is refused here with their words.
import { formatInstant } from '../../domain/instant.ts';
import { MAX_LIST, parseRequest, type RequestField } from '../../domain/request.ts';
import { printIssueName, readIssueName } from '../../domain/sentry.ts';
import type { Customers } from './customers.ts';
import { flagOf, placeholder, shapeOf } from './fields.ts';
import type { Given, GivenValue } from './given.ts';
import { type LooseMoment, momentIn } from './loose/moment.ts';
import { type Named, NOTHING, named } from './named-customers.ts';
import type { Shown } from './print-command.ts';
import { quote } from './problem.ts';
import { readTime } from './time.ts';
import { straighten } from './words.ts';

/**
 * `input` goes to the request's rules; where the value is bad it stands in for it, so that the rules between
 * fields judge what they can. `shown` is null for what a corrected command leaves out.
 */
export type JudgedValue = {
  readonly field: RequestField;
  readonly input: unknown;
  readonly shown: Shown | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** How it was read, where it was not written as it has to be, and what it means is plain. */
  readonly said: readonly string[];
};

type Content = Pick<Shown, 'text' | 'json'>;

const EPOCH = '0001-01-01T00:00:00Z';
const NO_UUID = '00000000-0000-0000-0000-000000000000';

const STAND_INS: Readonly<Record<RequestField, unknown>> = {
  since: EPOCH,
  until: '9999-12-31T23:59:59Z',
  vendor_ids: [1],
  ramp_uuids: [NO_UUID],
  execution_uuids: [NO_UUID],
  rest_of: NO_UUID,
  error_pattern: 'x',
  suppress_notifications: true,
  force_retry: false,
  reason: 'x',
  sentry_issue: 'X-1',
  dry_run: true,
};

const DRY_RUN_ALWAYS =
  'cannot be off in Slack: every command starts as a dry run, and Approve on its message executes it';

/** Judges one given value. `now` is what `2h` counts back from; `customers` are those that were looked up by name. */
export function judgeValue({ field, value }: Given, now: number, customers: Customers): JudgedValue {
  if (value.kind === 'missing') return unusable(field, []);
  switch (shapeOf(field)) {
    case 'time':
      return judgeTime(field, value, now);
    case 'ids':
      return judgeList(...named(field, value, customers));
    case 'uuids':
      return judgeList(field, value, NOTHING);
    case 'batch':
      return judgeBatch(field, value);
    case 'issue':
      return judgeIssue(field, value);
    case 'text':
      return judgeText(field, value);
    case 'flag':
      return judgeFlag(field, value);
  }
}

/** A field with a value that can't be used: a placeholder in the correction, a stand-in for the rules. */
export function unusable(field: RequestField, problems: readonly string[]): JudgedValue {
  const hole = placeholder(shapeOf(field));
  return {
    field,
    input: STAND_INS[field],
    shown: { kind: 'hole', field, text: hole, json: hole },
    problems,
    notes: [],
    said: [],
  };
}

function usable(field: RequestField, input: unknown, shown: Content, notes: string[] = []): JudgedValue {
  return { field, input, shown: { kind: 'value', field, ...shown }, problems: [], notes, said: [] };
}

function judgeTime(field: RequestField, value: GivenValue, now: number): JudgedValue {
  const text = textOf(value);
  if (text === undefined) return unusable(field, issuesOf(field, rawOf(value)));
  const plain = visible(text);
  const read = readTime(plain, now);
  if (read.kind === 'mistake') {
    const loose = momentIn(plain, now, field === 'until');
    if (loose !== undefined) return loosely(field, loose, plain);
    const isHole = plain === placeholder('time');
    return unusable(field, [
      isHole ? 'still has the placeholder <time>; put a time there, such as 2h' : read.message,
    ]);
  }
  const absolute = formatInstant(read.instant);
  if (read.zone === 'relative') {
    const ago = plain.toLowerCase().replace(/ +ago$/, '');
    return usable(field, absolute, { text: ago, json: ago });
  }
  const notes = {
    given: [],
    read: [`${field} was read as ${absolute}`],
    assumed: [`${field} had no time zone and was read as UTC: ${absolute}`],
  }[read.zone];
  return usable(field, absolute, { text: absolute, json: absolute }, notes);
}

/** A moment in everyday words, such as `yesterday`. */
function loosely(field: RequestField, { instant, assumed }: LooseMoment, typed: string): JudgedValue {
  const absolute = formatInstant(instant);
  const zone = assumed ? ', in UTC since it has no time zone' : '';
  const read = usable(field, absolute, { text: absolute, json: absolute });
  return { ...read, said: [`${quote(typed)} was read as ${absolute}${zone}`] };
}

function judgeList(field: RequestField, value: GivenValue, also: Named): JudgedValue {
  const judged = judgeItems(field, value);
  if (also.problems.length === 0) return { ...judged, notes: [...judged.notes, ...also.notes] };
  // What no customer is called is said in one sentence, not in two.
  return { ...judged, problems: [...also.problems] };
}

function judgeItems(field: RequestField, value: GivenValue): JudgedValue {
  const raw = rawOf(value);
  const given = typeof raw === 'string' && value.kind === 'word' ? itemsOf(field, raw) : raw;
  if (!Array.isArray(given)) return unusable(field, issuesOf(field, given));
  const items: unknown[] = given.length > MAX_LIST ? [...new Set(given)] : given;
  if (items.length > MAX_LIST) {
    return unusable(field, [`must name at most ${MAX_LIST}, not ${items.length}; split the request`]);
  }
  const named = value.kind === 'word' ? items.filter((item) => item !== '') : items;
  const gap = named.length < items.length ? ['has nothing between two commas, or at an end'] : [];
  const problems = [...gap, ...(named.length === 0 && gap.length > 0 ? [] : issuesOf(field, named))];
  if (problems.length === 0) return usable(field, items, listShown(items));
  const hole = placeholder(shapeOf(field));
  const kept = named.map((item) => (issuesOf(field, [item]).length === 0 ? item : hole));
  const bad = unusable(field, problems);
  return kept.length === 0 ? bad : { ...bad, shown: { kind: 'hole', field, ...listShown(kept) } };
}

/** `7,12` → numbers where they are digits; anything else stays text, for the rules to refuse. */
function itemsOf(field: RequestField, text: string): unknown[] {
  const items = visible(text)
    .split(',')
    .map((item) => item.trim());
  if (shapeOf(field) === 'uuids') return items.map((item) => item.replaceAll(/\p{Pd}/gu, '-').toLowerCase());
  return items.map((item) => (/^\d+$/.test(item) ? Number(item) : item));
}

function listShown(items: readonly unknown[]): Content {
  return { text: items.join(','), json: items };
}

function judgeBatch(field: RequestField, value: GivenValue): JudgedValue {
  const raw = rawOf(value);
  if (typeof raw !== 'string') return unusable(field, issuesOf(field, raw));
  const id = value.kind === 'word' ? visible(raw).toLowerCase() : raw;
  if (id === placeholder('batch'))
    return unusable(field, ["still has the placeholder <batch>; put the batch's id there"]);
  const problems = issuesOf(field, id);
  return problems.length > 0 ? unusable(field, problems) : usable(field, id, { text: id, json: id });
}

function judgeIssue(field: RequestField, value: GivenValue): JudgedValue {
  const raw = rawOf(value);
  if (typeof raw !== 'string') return unusable(field, issuesOf(field, raw));
  const name = value.kind === 'word' ? visible(raw) : raw;
  if (name === placeholder('issue'))
    return unusable(field, ["still has the placeholder <issue>; put the issue's short id there"]);
  const read = readIssueName(name);
  if (read === null) return unusable(field, issuesOf(field, name));
  const plain = printIssueName(read);
  return usable(field, plain, { text: plain, json: plain });
}

function judgeText(field: RequestField, value: GivenValue): JudgedValue {
  const raw = rawOf(value);
  if (typeof raw !== 'string') return unusable(field, issuesOf(field, raw));
  const isExact = 'exact' in value && value.exact;
  const text = isExact ? raw : straighten(raw);
  if (!isExact && text === placeholder('text')) {
    return unusable(field, ['still has the placeholder <text>; put the text there']);
  }
  const problems = issuesOf(field, text);
  if (problems.length > 0) return unusable(field, problems);
  const note = `${field} was read with straight quotes for curly ones and -- for long dashes; to search for them as they are, put the text between straight quotes`;
  return usable(field, text, { text, json: text }, text === raw ? [] : [note]);
}

function judgeFlag(field: RequestField, value: GivenValue): JudgedValue {
  const on =
    value.kind === 'word' ? flagOf(visible(value.text)) : value.kind === 'bare' ? true : rawOf(value);
  const problems =
    value.kind === 'word' && on === undefined
      ? ['must be on or off (or true or false, yes or no)']
      : issuesOf(field, on);
  if (field === 'dry_run') {
    const said = on === false ? [DRY_RUN_ALWAYS] : [];
    return { field, input: true, shown: null, problems, notes: [], said };
  }
  if (problems.length > 0) return unusable(field, problems);
  return usable(field, on, { text: on === true ? 'on' : 'off', json: on });
}

/** What the request's own rules say about this field alone. */
function issuesOf(field: RequestField, input: unknown): string[] {
  const selects = field === 'execution_uuids' || field === 'rest_of';
  const request = selects ? { [field]: input } : { since: EPOCH, [field]: input };
  const parsed = parseRequest(request);
  if (parsed.kind === 'request') return [];
  return parsed.issues.filter(({ path }) => path === field).map(({ message }) => message);
}

function rawOf(value: GivenValue): unknown {
  if (value.kind === 'word') return value.text;
  return value.kind === 'json' ? value.value : undefined;
}

function textOf(value: GivenValue): string | undefined {
  const raw = rawOf(value);
  return typeof raw === 'string' ? raw : undefined;
}

/** Without the marks, and with plain hyphens for the others, that come along when ids and times are copied from formatted text. */
function visible(text: string): string {
  return text
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\u2010\u2011]/g, '-')
    .trim();
}
