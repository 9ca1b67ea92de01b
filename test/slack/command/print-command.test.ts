import fc from 'fast-check';
import { type Instant, instantOf } from '../../../src/domain/instant.ts';
import { parseRequest, type RetryRequest } from '../../../src/domain/request.ts';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { asked, ONE, throughSlack } from './asked.ts';

const LAST = Date.parse('9999-12-31T00:00:00Z');

function printed(pattern: string): string {
  return printCommand({ ...asked('since=2026-05-11T12:30Z'), error_pattern: pattern });
}

describe('a request is printed as a command', () => {
  test.each([
    ['new_task', 'error_pattern=new_task'],
    ["local variable 'x'", 'error_pattern="local variable \'x\'"'],
    ['expected "x"', 'error_pattern=\'expected "x"\''],
    ['couldn’t – — “x”', 'error_pattern="couldn’t – — “x”"'],
    ['a & b < c', 'error_pattern="a & b < c"'],
    ['<text>', 'error_pattern="<text>"'],
    ['--since=2h', 'error_pattern="--since=2h"'],
  ])('in the plainest quotes that hold it: %s', (pattern, word) => {
    expect(printed(pattern)).toBe(`/retry-batch since=2026-05-11T12:30:00Z ${word}`);
  });

  test.each([
    [`it's "x"`, `"it's \\"x\\""`],
    ['a `b`', '"a \\u0060b\\u0060"'],
    ['&lt;', '"\\u0026lt;"'],
    ['<https://a.example>', '"\\u003chttps://a.example>"'],
    ['a\u00a0b\u200bc', '"a\\u00a0b\\u200bc"'],
    ['a\nb', '"a\\nb"'],
  ])('as a JSON body where no quotes can hold it: %j', (pattern, json) => {
    expect(printed(pattern)).toBe(`/retry-batch {"since":"2026-05-11T12:30:00Z","error_pattern":${json}}`);
  });

  test('without what is the default, with what is not', () => {
    expect(printCommand(asked(`ids=${ONE} suppress=off force vendor=7,12 ramp=${ONE}`))).toBe(
      `/retry-batch vendor_ids=7,12 ramp_uuids=${ONE} execution_uuids=${ONE} suppress_notifications=off force_retry=on`,
    );
    expect(printCommand(asked('since=2026-05-11T12:30:00.000001Z until=2026-05-12'))).toBe(
      '/retry-batch since=2026-05-11T12:30:00.000001Z until=2026-05-12T00:00:00Z',
    );
  });

  test('and an executed one is printed as the dry run that it would be', () => {
    const request = asked('since=2026-05-11');
    expect(printCommand({ ...request, dry_run: false })).toBe(printCommand(request));
  });

  test('whatever it is, pasting it asks for the same, also on its way through Slack', () => {
    fc.assert(
      fc.property(requests(), (request) => {
        const command = printCommand(request);
        expect(asked(command)).toEqual(request);
        expect(asked(throughSlack(command))).toEqual(request);
        expect(command).not.toMatch(/[`\n]/);
      }),
      { numRuns: 1500 },
    );
  });
});

function requests(): fc.Arbitrary<RetryRequest> {
  const micros = fc.integer({ min: 0, max: 999 });
  const moment = fc
    .tuple(fc.integer({ min: 0, max: LAST }), micros)
    .map(([ms, micro]) => instantOf(ms).replace('000Z', `${String(micro).padStart(3, '0')}Z`) as Instant);
  const uuids = fc.option(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 4 }));
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
  const pattern = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc
        .array(fc.oneof(fragments, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 8 })
        .map((all) => all.join('')),
    )
    .filter(
      (text) => parseRequest({ since: '2026-05-11T12:30:00Z', error_pattern: text }).kind === 'request',
    );
  const window = fc
    .tuple(moment, fc.option(moment))
    .filter(([since, until]) => until === null || since < until)
    .map(([since, until]) => ({ since, until, execution_uuids: null }));
  const picked = uuids
    .filter((ids) => ids !== null)
    .map((execution_uuids) => ({ since: null, until: null, execution_uuids }));
  const filters = fc.record({
    vendor_ids: fc.option(
      fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 4 }),
    ),
    ramp_uuids: uuids,
    error_pattern: fc.option(pattern, { freq: 10 }),
    suppress_notifications: fc.boolean(),
    force_retry: fc.boolean(),
    dry_run: fc.constant(true),
  });
  return fc.tuple(fc.oneof(window, picked), filters).map(([which, rest]) => ({ ...which, ...rest }));
}
