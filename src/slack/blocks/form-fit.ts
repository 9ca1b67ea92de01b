// A request in two parts: what stands in a field of the form, and what has none there or would not come back from it as it
// was. Nothing of a request is lost between the two.
import { epochSeconds, type Instant } from '../../domain/instant.ts';
import { MAX_PATTERN, MAX_REASON, type RequestField, type RetryRequest } from '../../domain/request.ts';
import { plain } from '../../text/untrusted.ts';
import { SLACK } from './limits.ts';

/** What a form begins with: some of a request's fields, or all. */
export type Prefill = Partial<RetryRequest>;

export type Parts = { readonly given: Prefill; readonly kept: Prefill };

/** Fields that name the rows by themselves: beside them there is no window. */
const NAMES_ROWS = ['execution_uuids', 'rest_of'] as const satisfies readonly RequestField[];

/** Splits a prefill. What is null or not there is in neither part, and is an empty field. */
export function intoParts(prefill: Prefill): Parts {
  const given: Record<string, unknown> = {};
  const kept: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(prefill)) {
    if (value === null || value === undefined || field === 'dry_run') continue;
    const part = fits(field as RequestField, prefill) ? given : kept;
    part[field] = value;
  }
  return { given, kept };
}

/** Whether what is kept names the rows, so that the form asks for no window. */
export function namesRows(kept: Readonly<Record<string, unknown>>): boolean {
  return NAMES_ROWS.some((field) => Object.hasOwn(kept, field));
}

function fits(field: RequestField, prefill: Prefill): boolean {
  switch (field) {
    case 'since':
    case 'until':
      return isPickable(prefill[field] ?? null);
    case 'vendor_ids':
    case 'ramp_uuids':
      return (prefill[field] ?? []).length <= SLACK.options;
    case 'error_pattern':
      return comesBack(prefill.error_pattern ?? '', MAX_PATTERN);
    case 'reason':
      return comesBack(prefill.reason ?? '', MAX_REASON);
    case 'execution_uuids':
    case 'rest_of':
    case 'sentry_issue':
      return false;
    case 'suppress_notifications':
    case 'force_retry':
    case 'dry_run':
      return true;
  }
}

/** Slack's picker takes ten digits: from September 2001 on. */
function isPickable(instant: Instant | null): boolean {
  const seconds = instant === null ? 0 : epochSeconds(instant);
  return seconds >= 1_000_000_000 && seconds <= 9_999_999_999;
}

/** Whether a text is one line of what can be seen, and nothing that is masked: an input shows and sends it as it is. */
export function comesBack(text: string, most: number): boolean {
  return text !== '' && plain(text, most) === text;
}
