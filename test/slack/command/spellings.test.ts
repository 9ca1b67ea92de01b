// One request can be written in many ways, and all of them mean it; a slip in the name of a field never leaves the field
// out, which would replay what nobody asked for.
import fc from 'fast-check';
import { formatInstant } from '../../../src/domain/instant.ts';
import type { RetryRequest } from '../../../src/domain/request.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { cases } from '../../support/cases.ts';
import { asked, NOW, throughSlack } from './asked.ts';
import { requests } from './requests.ts';

const RUNS = { numRuns: cases(10_000) };

/** The fields as the contract names them, each with its short form. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  since: ['since', 'Since'],
  until: ['until', 'UNTIL'],
  vendor_ids: ['vendor_ids', 'vendor-ids', 'vendor'],
  ramp_uuids: ['ramp_uuids', 'ramp-uuids', 'ramp'],
  execution_uuids: ['execution_uuids', 'execution-uuids', 'ids'],
  error_pattern: ['error_pattern', 'error-pattern', 'error'],
  suppress_notifications: ['suppress_notifications', 'suppress-notifications', 'suppress'],
  rest_of: ['rest_of', 'rest-of', 'rest'],
  force_retry: ['force_retry', 'force-retry', 'force'],
  reason: ['reason', 'Reason', 'for'],
  sentry_issue: ['sentry_issue', 'sentry-issue', 'sentry', 'Sentry'],
  dry_run: ['dry_run', 'dry-run'],
};
const KNOWN = new Set(Object.values(NAMES).flatMap((names) => names.map(canonical)));

function canonical(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** What any kind of quotes holds, and looks like more grammar. */
const quotable = fc
  .array(
    fc.constantFrom(
      ...['new_task', 'a', 'since=2h', '--force', 'help', 'on', 'é', '😀', 'שלום', '文'],
      ...[' ', '=', ':', '-', ',', '\\', '{', '}', '(', '&', '<', '>', '%', '*', '?', '.', '/'],
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))
  // Slack makes a sign of those on the way, and nobody types them for a text.
  .filter((text) => !/:[a-z0-9_+-]+:/.test(text));

type Words = readonly { readonly name: string; readonly word: string }[];

/** The words of one spelling of `request`, in any order. */
function spelling(request: RetryRequest): fc.Arbitrary<Words> {
  const words = valuesOf(request).map(([field, values]) =>
    fc
      .record({
        name: fc.constantFrom(...(NAMES[field] ?? [field])),
        style: fc.constantFrom('=', ':', '--=', '-- ', '— ', '–='),
        value: fc.constantFrom(...values),
      })
      .map(({ name, style, value }) => {
        if (value === null) return { name, word: style.startsWith('-') ? `--${name}` : name };
        const dashes = style.length > 1 ? style.slice(0, -1) : '';
        return { name, word: `${dashes}${name}${style.slice(-1)}${value}` };
      }),
  );
  return fc
    .tuple(...words)
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
}

/** Each field that has to be written with the ways to write its value; null: the name alone. */
function valuesOf(request: RetryRequest): [string, (string | null)[]][] {
  const moment = (field: 'since' | 'until'): [string, string[]][] => {
    if (request[field] === null) return [];
    const text = formatInstant(request[field]);
    return [[field, [text, text.toLowerCase(), `"${text.replace('T', ' ')}"`, `“${text}”`]]];
  };
  const list = (field: 'vendor_ids' | 'ramp_uuids' | 'execution_uuids'): [string, string[]][] => {
    const items = request[field]?.join(',');
    return items === undefined ? [] : [[field, [items, items.toUpperCase(), `"${items}"`, `'${items}'`]]];
  };
  const text = (field: 'error_pattern' | 'reason'): [string, (string | null)[]][] => {
    const value = request[field];
    return value === null ? [] : [pair(field, `"${value}"`, `'${value}'`, `“${value}”`, `‘${value}’`)];
  };
  const { rest_of: rest, sentry_issue: issue, force_retry: force, suppress_notifications: quiet } = request;
  return [
    ...moment('since'),
    ...moment('until'),
    ...list('vendor_ids'),
    ...list('ramp_uuids'),
    ...list('execution_uuids'),
    ...(rest === null ? [] : [pair('rest_of', rest, rest.toUpperCase(), `"${rest}"`)]),
    ...text('error_pattern'),
    ...text('reason'),
    ...(issue === null ? [] : [pair('sentry_issue', issue, issue.toLowerCase(), `"${issue}"`, `‘${issue}’`)]),
    pair('suppress_notifications', ...(quiet ? ['on', 'TRUE', '"on"', null] : ['off', 'False', '‘off’'])),
    ...(force ? [pair('force_retry', 'on', 'true', null)] : [pair('force_retry', 'off', 'false')]),
    pair('dry_run', 'on', 'true', null),
  ];
}

function pair(field: string, ...values: (string | null)[]): [string, (string | null)[]] {
  return [field, values];
}

const written = requests(quotable).chain((request) => spelling(request).map((words) => ({ request, words })));
const space = fc.constantFrom(' ', '  ', '\u00a0', '\n', ' \u200b');
const wrapped = fc.constantFrom(
  (text: string) => text,
  (text: string) => `/retry-batch ${text}`,
  (text: string) => `\`${text}\``,
  (text: string) => `\`\`\`/retry-batch ${text}\n\`\`\``,
);

test('however a request is written, it is read as this request', () => {
  fc.assert(
    fc.property(written, space, wrapped, ({ request, words }, between, wrap) => {
      const text = wrap(words.map(({ word }) => word).join(between));
      expect(asked(throughSlack(text))).toEqual(request);
    }),
    RUNS,
  );
});

test('with one slip in the name of a field it is no request at all', () => {
  const slip = fc.record({
    which: fc.nat(),
    at: fc.nat(),
    how: fc.constantFrom('dropped', 'doubled', 'other', 'more'),
    letter: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0129_-é.,;"\'([{=:'),
  });
  fc.assert(
    fc.property(written, slip, ({ words }, { which, at, how, letter }) => {
      const { name, word } = words[which % words.length] ?? { name: '', word: '' };
      const i = at % name.length;
      const [before, here, after] = [name.slice(0, i), name.charAt(i), name.slice(i + 1)];
      const middle = { dropped: '', doubled: here + here, other: letter, more: letter + here }[how];
      const slipped = before + middle + after;
      // `error:pattern=x` is no slip: it looks for the text `pattern=x`.
      fc.pre(!KNOWN.has(canonical(slipped.replace(/^-+|[=:].*/g, ''))));
      const text = words.map((one) => (one.word === word ? word.replace(name, slipped) : one.word)).join(' ');
      // A word of it that stands alone now may be `help`, which asks for nothing.
      expect([text, parseCommand(text, NOW).kind]).not.toEqual([text, 'request']);
    }),
    RUNS,
  );
});
