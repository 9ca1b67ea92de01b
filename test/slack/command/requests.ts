// Any request that the command can ask for, for the tests that write it down and read it back.
import fc from 'fast-check';
import { type Instant, instantOf } from '../../../src/domain/instant.ts';
import { parseRequest, type RetryRequest } from '../../../src/domain/request.ts';

const LAST = Date.parse('9999-12-31T00:00:00Z');

/** Every request that is a dry run; with the patterns of `patterns` instead of any text. */
export function requests(patterns: fc.Arbitrary<string> = anyPattern()): fc.Arbitrary<RetryRequest> {
  const micros = fc.integer({ min: 0, max: 999 });
  const moment = fc
    .tuple(fc.integer({ min: 0, max: LAST }), micros)
    .map(([ms, micro]) => instantOf(ms).replace('000Z', `${String(micro).padStart(3, '0')}Z`) as Instant);
  const uuids = fc.option(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 4 }));
  const window = fc
    .tuple(moment, fc.option(moment))
    .filter(([since, until]) => until === null || since < until)
    .map(([since, until]) => ({ since, until, execution_uuids: null, rest_of: null }));
  const picked = uuids
    .filter((ids) => ids !== null)
    .map((execution_uuids) => ({ since: null, until: null, execution_uuids, rest_of: null }));
  const rest = fc.tuple(fc.uuid(), fc.boolean()).map(([id, whole]) => ({
    since: null,
    until: null,
    execution_uuids: null,
    rest_of: whole ? id : id.slice(0, 8),
  }));
  const filters = fc.record({
    vendor_ids: fc.option(
      fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 4 }),
    ),
    ramp_uuids: uuids,
    error_pattern: fc.option(patterns, { freq: 10 }),
    suppress_notifications: fc.boolean(),
    force_retry: fc.boolean(),
    reason: fc.option(patterns.filter(isReason), { freq: 10 }),
    sentry_issue: fc.option(
      fc.oneof(
        fc.stringMatching(/^[A-Z0-9][A-Z0-9._-]{0,20}-[A-Z0-9]{1,6}$/),
        fc
          .tuple(fc.constantFrom('https://acme.sentry.io', 'http://127.0.0.1:9000'), fc.nat())
          .map(([origin, id]) => `${origin}/organizations/acme/issues/${id}/`),
      ),
    ),
    dry_run: fc.constant(true),
  });
  return fc.tuple(fc.oneof(window, picked, rest), filters).map(([which, rest]) => ({ ...which, ...rest }));
}

function isReason(text: string): boolean {
  return parseRequest({ since: '2026-05-11T12:30:00Z', reason: text }).kind === 'request';
}

function anyPattern(): fc.Arbitrary<string> {
  const fragments = fc.constantFrom(
    ...['"', "'", '“', '’', '—', '--', '`', '```', '&amp;', '&lt;', '<@U1>', '<https://a|b>', ' ', '\u00a0'],
    ...[
      '\u200b',
      '\\',
      '=',
      ':',
      '{',
      '}',
      'since=2h',
      'help',
      '\n',
      '<text>',
      '\u2028',
      '😀',
      '\u202e',
      ',',
    ],
  );
  return fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc
        .array(fc.oneof(fragments, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 8 })
        .map((all) => all.join('')),
    )
    .filter(
      (text) => parseRequest({ since: '2026-05-11T12:30:00Z', error_pattern: text }).kind === 'request',
    );
}
