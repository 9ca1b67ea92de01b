// The runbook's request fields and their rules, shared by every door. A request is read, never repaired:
// nothing is coerced, an unknown field is a mistake, and one answer names every mistake.
import { z } from 'zod';
import { type Instant, parseInstant } from './instant.ts';
import { nearest } from './nearest.ts';
import { printIssueName, readIssueName } from './sentry.ts';

/** What is asked, after every rule was checked. Absent fields are null; ids are lower case, repeats folded. */
export type RetryRequest = {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly vendor_ids: readonly number[] | null;
  readonly ramp_uuids: readonly string[] | null;
  readonly execution_uuids: readonly string[] | null;
  /** An ended batch's id, or its head as people see it; a plan that is made has the whole of it. */
  readonly rest_of: string | null;
  readonly error_pattern: string | null;
  readonly suppress_notifications: boolean;
  readonly force_retry: boolean;
  /** Why it is asked: the incident's key or words. */
  readonly reason: string | null;
  /** The issue in Sentry that shows whether the fix is live: a short id or its address. */
  readonly sentry_issue: string | null;
  readonly dry_run: boolean;
};

export type RequestField = keyof RetryRequest;

/** One mistake of the operator: the field it is about and a sentence that says what to do. */
export type RequestIssue = { readonly path: string; readonly message: string };

export type ParsedRequest =
  | { readonly kind: 'request'; readonly request: RetryRequest }
  | { readonly kind: 'mistakes'; readonly issues: readonly RequestIssue[] };

export const MAX_LIST = 1000;
export const MAX_PATTERN = 500;
export const MAX_REASON = 200;

const instant = z
  .string('must be a string, an RFC 3339 time such as 2026-05-11T12:30:00Z')
  .transform((text, context) => {
    const value = parseInstant(text);
    if (value !== undefined) return value;
    context.issues.push({
      code: 'custom',
      input: text,
      message:
        'must be an RFC 3339 time with Z or an offset and at most six fractional digits, such as 2026-05-11T12:30:00Z',
    });
    return z.NEVER;
  });

const uuid = z
  .string('must be a UUID in a string')
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a UUID')
  .transform((text) => text.toLowerCase());

const uuids = listOf(uuid, 'UUIDs');
const vendorIds = listOf(
  z.number('must be a number').int('must be a whole number below 2^53').positive('must be a positive number'),
  'vendor ids (positive whole numbers)',
);

const flag = z.boolean('must be true or false, without quotes');

const pattern = z
  .string('must be a string')
  .refine((text) => text !== '', 'must not be empty; leave it out to match every error')
  .refine((text) => [...text].length <= MAX_PATTERN, `must have at most ${MAX_PATTERN} characters`)
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
  .refine((text) => text.isWellFormed(), 'must be valid Unicode (it has half of a surrogate pair)');

const batch = z
  .string("must be a batch's id in a string")
  .regex(
    /^[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i,
    "must be a batch's id, the whole of it or its first eight characters",
  )
  .transform((text) => text.toLowerCase());

const reason = z
  .string('must be a string')
  .refine((text) => text.trim() !== '', 'must not be empty; leave it out where there is none')
  .refine((text) => [...text].length <= MAX_REASON, `must have at most ${MAX_REASON} characters`)
  .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), 'must be one line, without control characters')
  .refine((text) => text.isWellFormed(), 'must be valid Unicode (it has half of a surrogate pair)');

const sentryIssue = z
  .string("must be an issue's short id or its address, in a string")
  .transform((text, context) => {
    const name = readIssueName(text);
    if (name !== null) return printIssueName(name);
    const message =
      "must be an issue's short id such as ONRAMP-4F2, or its address such as https://sentry.io/organizations/acme/issues/4711/";
    context.issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  });

const FIELDS = {
  since: instant,
  until: instant,
  vendor_ids: vendorIds,
  ramp_uuids: uuids,
  execution_uuids: uuids,
  rest_of: batch,
  error_pattern: pattern,
  suppress_notifications: flag,
  force_retry: flag,
  reason,
  sentry_issue: sentryIssue,
  dry_run: flag,
} satisfies Record<RequestField, z.ZodType>;

/** The runbook's field names and ours, in the order in which they are documented. */
export const REQUEST_FIELDS = Object.keys(FIELDS) as readonly RequestField[];

/**
 * Reads a request as the endpoint and the slash command receive it: the runbook's field names, JSON types.
 * Answers the request, or every mistake at once. The rules are those of the runbook's field table.
 */
export function parseRequest(input: unknown): ParsedRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return {
      kind: 'mistakes',
      issues: [{ path: '', message: 'must be a JSON object with the fields of the runbook' }],
    };
  }
  const issues: RequestIssue[] = [];
  const values: Partial<Record<RequestField, unknown>> = {};
  for (const [name, value] of Object.entries(input)) {
    if (!isRequestField(name)) {
      issues.push({ path: name, message: unknownField(name) });
      continue;
    }
    const parsed = FIELDS[name].safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else issues.push(...parsed.error.issues.map((issue) => toIssue(name, issue)));
  }
  const present = new Set(Object.keys(input).filter(isRequestField));
  issues.push(...windowIssues(present, values as Partial<RetryRequest>));
  if (issues.length > 0) return { kind: 'mistakes', issues };
  return { kind: 'request', request: { ...DEFAULTS, ...(values as Partial<RetryRequest>) } };
}

const DEFAULTS: RetryRequest = {
  since: null,
  until: null,
  vendor_ids: null,
  ramp_uuids: null,
  execution_uuids: null,
  rest_of: null,
  error_pattern: null,
  suppress_notifications: false,
  force_retry: false,
  reason: null,
  sentry_issue: null,
  dry_run: true,
};

/** Whether a request, as it was received, says anything of the field. */
export function isGiven(input: unknown, field: RequestField): boolean {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, field);
}

/** A request that a release stored which knew fewer fields: what it doesn't have is as if it had been left out. */
export function completeRequest(stored: Partial<RetryRequest>): RetryRequest {
  return { ...DEFAULTS, ...stored };
}

/** Whether `name` is one of the fields, exactly as it is documented. */
export function isRequestField(name: string): name is RequestField {
  return Object.hasOwn(FIELDS, name);
}

/** The rules between fields: a window, hand-picked ids or a batch's rest, one of them, and a window that is not empty. */
function windowIssues(present: ReadonlySet<string>, values: Partial<RetryRequest>): RequestIssue[] {
  const issues: RequestIssue[] = [];
  if (present.has('rest_of')) {
    const message = 'cannot be combined with rest_of, which names its rows; give one of the two';
    return ['since', 'until', 'execution_uuids']
      .filter((path) => present.has(path))
      .map((path) => ({ path, message }));
  }
  if (present.has('execution_uuids')) {
    const message =
      'cannot be combined with execution_uuids; give a window or hand-picked executions, not both';
    return ['since', 'until'].filter((path) => present.has(path)).map((path) => ({ path, message }));
  }
  if (!present.has('since')) {
    issues.push({ path: 'since', message: 'is required unless execution_uuids or rest_of is given' });
  }
  if (values.since && values.until && values.since >= values.until) {
    issues.push({ path: 'since', message: 'must be before until; the window is [since, until)' });
  }
  return issues;
}

function unknownField(name: string): string {
  const guess = nearest(name, REQUEST_FIELDS);
  return guess === undefined
    ? `is not a field; the fields are ${REQUEST_FIELDS.join(', ')}`
    : `is not a field; did you mean ${guess}?`;
}

/** The path is always the field's name; which item of a list is meant is said in the message, counted from 1. */
function toIssue(path: string, issue: z.core.$ZodIssue): RequestIssue {
  const [item] = issue.path;
  const message = typeof item === 'number' ? `item ${item + 1} ${issue.message}` : issue.message;
  return { path, message };
}

function listOf<Item extends z.ZodType>(item: Item, what: string) {
  // A wrong item must not hide that the list is too long: one answer lists every mistake.
  const when = ({ value }: { value: unknown }) => Array.isArray(value);
  return z
    .array(item, `must be a list of ${what}`)
    .refine((list) => list.length > 0, { error: 'must name at least one; leave it out to select all', when })
    .refine((list) => new Set(list).size <= MAX_LIST, {
      error: `must name at most ${MAX_LIST}; split the request`,
      when,
    })
    .transform((list) => [...new Set(list)]);
}
