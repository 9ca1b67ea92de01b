// A request as a command to paste. Must never print what reads back as something else: a text that no quotes
// can hold, or that a phone or Slack would change, goes into the JSON body with escapes.
import { formatInstant } from '../../domain/instant.ts';
import type { RequestField, RetryRequest } from '../../domain/request.ts';
import { asTyped } from './as-typed.ts';
import { BEFORE_EMOJI } from './emoji.ts';
import { splitWords } from './words.ts';

export const COMMAND = '/retry-batch';

/** A field with its value as a word and as JSON; `hole` where both are a placeholder for one. */
export type Shown = {
  readonly kind: 'value' | 'hole';
  readonly field: RequestField;
  readonly text: string;
  readonly json: unknown;
};

/**
 * The command that asks for this request, in the runbook's names; what equals Slack's defaults (notifications
 * suppressed, no `force_retry`, a dry run) is left out. Whatever the request, pasting it asks for a dry run.
 */
export function printCommand(request: RetryRequest): string {
  return printFields(shownFields(request));
}

/** The fields of a request that are not as Slack's defaults are. */
export function shownFields(request: RetryRequest): Shown[] {
  const shown: Shown[] = [];
  const add = (field: RequestField, text: string, json: unknown) =>
    shown.push({ kind: 'value', field, text, json });
  for (const field of ['since', 'until'] as const) {
    const instant = request[field];
    if (instant !== null) add(field, formatInstant(instant), formatInstant(instant));
  }
  for (const field of ['vendor_ids', 'ramp_uuids', 'execution_uuids'] as const) {
    const list = request[field];
    if (list !== null) add(field, list.join(','), list);
  }
  if (request.rest_of !== null) add('rest_of', request.rest_of, request.rest_of);
  if (request.error_pattern !== null) add('error_pattern', request.error_pattern, request.error_pattern);
  if (!request.suppress_notifications) add('suppress_notifications', 'off', false);
  if (request.force_retry) add('force_retry', 'on', true);
  if (request.reason !== null) add('reason', request.reason, request.reason);
  if (request.sentry_issue !== null) add('sentry_issue', request.sentry_issue, request.sentry_issue);
  return shown;
}

/** The same for fields of which some may hold a placeholder instead of a value, and `left`, placeholders of no field. */
export function printFields(shown: readonly Shown[], left: readonly string[] = []): string {
  const words: string[] = [];
  for (const { kind, field, text } of shown) {
    const isText = field === 'error_pattern' || field === 'reason';
    const word = isText && kind === 'value' ? quoted(text) : text;
    if (word === undefined) return `${COMMAND} ${printJson(shown, left)}`;
    words.push(`${field}=${word}`);
  }
  return [COMMAND, ...words, ...left].join(' ');
}

// Spaces and marks that don't show, what would be decoded or unwrapped, and the backtick, which would end
// the code block that the command is shown in.
const FRAGILE = /`|(?! )[\p{C}\p{Z}]|&(?=(?:amp|lt|gt);)|<(?=[@#!]|[a-z]+:)/giu;

const FRAGILE_IN_JSON = new RegExp(`${FRAGILE.source}|${BEFORE_EMOJI}`, 'giu');

/** The text in the plainest form that reads back as itself; undefined where there is none. */
function quoted(text: string): string | undefined {
  if (/^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/.test(text)) return text;
  if (text.search(FRAGILE) >= 0) return undefined;
  return [`"${text}"`, `'${text}'`].find((candidate) => {
    const [word, ...more] = splitWords(asTyped(`error_pattern=${candidate}`));
    return more.length === 0 && word?.value?.flaw === 'none' && word.value.text === text;
  });
}

function printJson(shown: readonly Shown[], left: readonly string[]): string {
  const members: [string, unknown][] = [
    ...shown.map(({ field, json }): [string, unknown] => [field, json]),
    ...left.map((hole): [string, unknown] => [hole, null]),
  ];
  const body = JSON.stringify(Object.fromEntries(members));
  return body.replaceAll(FRAGILE_IN_JSON, (found) =>
    Array.from({ length: found.length }, (_, unit) => escapeUnit(found, unit)).join(''),
  );
}

function escapeUnit(text: string, unit: number): string {
  return `\\u${text.charCodeAt(unit).toString(16).padStart(4, '0')}`;
}
