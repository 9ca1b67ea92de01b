// The runbook's field table, rule by rule: what a request may say, and what it is told when it may not.
import { MAX_PATTERN, REQUEST_FIELDS } from '../../src/domain/request.ts';
import { accepted, mistakes, SINCE, UUID } from './asked.ts';

describe('a request', () => {
  it('is a dry run that notifies and keeps to filter 7, unless it says otherwise', () => {
    expect(accepted({ since: SINCE })).toEqual({
      since: '2026-05-11T12:30:00.000000Z',
      until: null,
      vendor_ids: null,
      ramp_uuids: null,
      execution_uuids: null,
      error_pattern: null,
      suppress_notifications: false,
      force_retry: false,
      dry_run: true,
    });
  });

  it("may use every field of the runbook's table", () => {
    const window = { since: SINCE, until: '2026-05-11T14:30:00.000001+02:00', vendor_ids: [7, 8, 7] };
    const options = { suppress_notifications: true, force_retry: true, dry_run: false };
    expect(accepted({ ...window, ramp_uuids: [UUID], error_pattern: 'new_task', ...options })).toEqual({
      since: '2026-05-11T12:30:00.000000Z',
      until: '2026-05-11T12:30:00.000001Z',
      vendor_ids: [7, 8],
      ramp_uuids: [UUID.toLowerCase()],
      execution_uuids: null,
      error_pattern: 'new_task',
      ...options,
    });
  });

  it('folds executions that are named twice, in either case, and keeps their order', () => {
    const [a, b] = [UUID, '00000000-0000-4000-8000-00000000000a'];
    expect(accepted({ execution_uuids: [b, a, a.toLowerCase(), b.toUpperCase()] }).execution_uuids).toEqual([
      b,
      a.toLowerCase(),
    ]);
  });

  it.each([
    ['a list', []],
    ['nothing', null],
    ['undefined', undefined],
    ['a text', '{"since": "2026-05-11T12:30:00Z"}'],
    ['a number', 1],
  ])('is not %s', (_, input) => {
    expect(mistakes(input)).toEqual([': must be a JSON object with the fields of the runbook']);
  });
});

describe('the window', () => {
  it.each([
    ['since is required', {}, ['since: is required unless']],
    ['until alone is no window', { until: SINCE }, ['since: is required unless']],
    ['it must not be empty', { since: SINCE, until: SINCE }, ['since: must be before until']],
    [
      'it must not be empty in another zone',
      { since: SINCE, until: '2026-05-11T14:30:00+02:00' },
      ['since: must be before'],
    ],
    [
      'it must not end before it begins',
      { since: '2026-05-11T12:30:00.000001Z', until: SINCE },
      ['since: must be before'],
    ],
    [
      'since does not go with hand-picked ids',
      { since: SINCE, execution_uuids: [UUID] },
      ['since: cannot be combined'],
    ],
    [
      'until does not go with hand-picked ids',
      { until: SINCE, execution_uuids: [UUID] },
      ['until: cannot be combined'],
    ],
    [
      'neither goes with hand-picked ids, and both are told',
      { since: SINCE, until: SINCE, execution_uuids: [UUID] },
      ['since: cannot be combined', 'until: cannot be combined'],
    ],
    ['a day is no time', { since: '2026-05-11' }, ['since: must be an RFC 3339 time']],
    [
      'seven digits are too many',
      { since: '2026-05-11T12:30:00.1234567Z' },
      ['since: must be an RFC 3339 time'],
    ],
    ['null is not a time', { since: SINCE, until: null }, ['until: must be a string']],
  ])('%s', (_, input, expected) => {
    expect(mistakes(input)).toEqual(expected.map((start) => expect.stringContaining(start)));
  });

  it('may be one microsecond long', () => {
    const request = accepted({ since: '2026-05-11T12:30:00.000001Z', until: '2026-05-11T12:30:00.000002Z' });
    expect([request.since, request.until]).toEqual([
      '2026-05-11T12:30:00.000001Z',
      '2026-05-11T12:30:00.000002Z',
    ]);
  });
});

describe('error_pattern', () => {
  it.each([
    'n',
    ' ',
    '%',
    '_',
    '\\',
    '*',
    'näße',
    '👍🏽',
    '\n',
    'x'.repeat(MAX_PATTERN),
    '👍'.repeat(MAX_PATTERN),
  ])('may be %j', (error_pattern) => {
    expect(accepted({ since: SINCE, error_pattern }).error_pattern).toBe(error_pattern);
  });

  it.each([
    ['empty', '', ['must not be empty']],
    ['501 characters', 'x'.repeat(501), ['at most 500']],
    ['501 characters of two units', '👍'.repeat(501), ['at most 500']],
    ['with a NUL', 'a\0b', ['NUL']],
    ['half a surrogate pair', 'a\ud83d', ['Unicode']],
    ['wrong in two ways', `\0${'x'.repeat(500)}`, ['at most 500', 'NUL']],
    ['a number', 5, ['must be a string']],
    ['null', null, ['must be a string']],
    ['a list', ['new_task'], ['must be a string']],
  ])('may not be %s', (_, error_pattern, expected) => {
    expect(mistakes({ since: SINCE, error_pattern })).toEqual(
      expected.map((text) => expect.stringMatching(`^error_pattern: .*${text}`)),
    );
  });
});

describe('a switch', () => {
  it.each(['suppress_notifications', 'force_retry', 'dry_run'] as const)(
    '%s is true or false and nothing else',
    (field) => {
      expect(accepted({ since: SINCE, [field]: true })[field]).toBe(true);
      expect(accepted({ since: SINCE, [field]: false })[field]).toBe(false);
      for (const value of ['false', 'true', 0, 1, '', null, [], {}]) {
        expect(mistakes({ since: SINCE, [field]: value })).toEqual([
          `${field}: must be true or false, without quotes`,
        ]);
      }
    },
  );
});

describe('an unknown field', () => {
  it('is named, with the one that was probably meant', () => {
    expect(mistakes({ since: SINCE, suppress_notification: true })).toEqual([
      'suppress_notification: is not a field; did you mean suppress_notifications?',
    ]);
  });

  it('is named with all there are where none is near', () => {
    expect(mistakes({ since: SINCE, limit: 3 })).toEqual([
      `limit: is not a field; the fields are ${REQUEST_FIELDS.join(', ')}`,
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
    'is one even where every object has it: %p',
    (name) => {
      const input: unknown = JSON.parse(`{"since": "${SINCE}", ${JSON.stringify(name)}: true}`);
      expect(mistakes(input)).toEqual([expect.stringMatching(`^${name}: is not a field`)]);
    },
  );
});

it('one answer lists every mistake', () => {
  const input = {
    since: 'yesterday',
    until: 5,
    vendor_ids: [],
    ramp_uuids: ['x'],
    error_pattern: '',
    suppress_notification: true,
    force_retry: 'yes',
    dry_run: 0,
  };
  expect(mistakes(input).map((text) => text.slice(0, text.indexOf(':')))).toEqual(Object.keys(input));
});
