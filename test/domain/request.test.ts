// The runbook's field table, rule by rule: what a request may say, and what it is told when it may not.
import { MAX_PATTERN, MAX_REASON, REQUEST_FIELDS } from '../../src/domain/request.ts';
import { accepted, mistakes, SINCE, UUID } from './asked.ts';

describe('a request', () => {
  it('is a dry run that notifies and keeps to filter 7, unless it says otherwise', () => {
    expect(accepted({ since: SINCE })).toEqual({
      since: '2026-05-11T12:30:00.000000Z',
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
      rest_of: null,
      error_pattern: 'new_task',
      reason: null,
      sentry_issue: null,
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

describe('what a batch left', () => {
  const BATCH = '3F2A9C1E-5B7D-4E8F-9A0B-1C2D3E4F5A6B';

  it('is asked for by the whole of its id, or by the head that people see', () => {
    expect(accepted({ rest_of: BATCH })).toMatchObject({ rest_of: BATCH.toLowerCase(), since: null });
    expect(accepted({ rest_of: '3f2a9c1e', vendor_ids: [7] })).toMatchObject({ rest_of: '3f2a9c1e' });
  });

  it.each(['', '3f2a9c1', '3f2a9c1e-', '3f2a9c1e5b7d', '%', 'batch 3f2a9c1e'])(
    'is not asked for by "%s"',
    (id) => {
      expect(mistakes({ rest_of: id })).toEqual([
        "rest_of: must be a batch's id, the whole of it or its first eight characters",
      ]);
    },
  );

  it('stands instead of a window and of ids: each of them next to it is a mistake', () => {
    const one_too_many = { rest_of: BATCH, since: SINCE, until: SINCE, execution_uuids: [UUID] };
    expect(mistakes(one_too_many)).toEqual(
      ['since', 'until', 'execution_uuids'].map(
        (field) => `${field}: cannot be combined with rest_of, which names its rows; give one of the two`,
      ),
    );
  });
});

describe('the reason', () => {
  it('is one line of up to 200 characters, kept as it is', () => {
    for (const reason of ['ONRAMP-4887', ' “new_task” <!here> ', '😀'.repeat(MAX_REASON)])
      expect(accepted({ since: SINCE, reason }).reason).toBe(reason);
  });

  it.each([
    ['nothing', '', 'must not be empty'],
    ['white space', ' \u00a0', 'must not be empty'],
    ['201 characters', 'é'.repeat(201), 'must have at most 200'],
    ['two lines', 'ONRAMP-4887\nand more', 'must be one line'],
    ["a line end of Unicode's", 'a\u2028b', 'must be one line'],
    ['a NUL', 'a\0', 'must be one line'],
    ['half a character', '\ud83d', 'must be valid Unicode'],
    ['a number', 4887, 'must be a string'],
  ])('is not %s', (_, reason, message) => {
    expect(mistakes({ since: SINCE, reason })).toEqual([expect.stringContaining(`reason: ${message}`)]);
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
