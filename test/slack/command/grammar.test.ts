import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { asked, mistakesOf, NOW, notesOf, ONE, problemsOf, TWO } from './asked.ts';

const TWO_HOURS_AGO = '2026-05-12T06:00:00.000000Z';

describe('an operator writes a field', () => {
  test.each([
    'since=2h vendor_ids=7,12',
    'since:2h vendor_ids:7,12',
    '--since 2h --vendor_ids 7,12',
    '--since=2h --vendor_ids=7,12',
    '--since:2h vendor=7,12',
    'vendor=7, 12 since=2h',
    'vendor=7 ,12 since=2h',
    'since="2h" vendor=\'7,12\'',
    'Since=2H VENDOR=7,12',
    '--since 2h --vendor-ids 7,12',
    'since=2h\n  vendor=7,12',
    '/retry-batch since=2h vendor=7,12',
  ])('in any of the accepted forms: %s', (text) => {
    expect(asked(text)).toMatchObject({ since: TWO_HOURS_AGO, vendor_ids: [7, 12] });
  });

  test('by its short form as well as by its name', () => {
    expect(asked(`ids=${ONE},${TWO} ramp=${TWO} vendor=7 error=x suppress=off force=on`)).toEqual(
      asked(
        `execution_uuids=${ONE},${TWO} ramp_uuids=${TWO} vendor_ids=7 error_pattern=x suppress_notifications=off force_retry=on`,
      ),
    );
  });

  test('and ids in capitals, or twice in one list, are the same ids', () => {
    expect(asked(`ids=${ONE.toUpperCase()},${ONE}`).execution_uuids).toEqual([ONE]);
  });
});

describe('switches', () => {
  test('nothing reaches a customer unless the operator says so', () => {
    expect(asked('since=2h')).toMatchObject({
      suppress_notifications: true,
      force_retry: false,
      dry_run: true,
    });
  });

  test.each(['on', 'true', 'yes', 'ON', 'True'])('%s turns a switch on', (word) => {
    expect(asked(`since=2h force=${word}`).force_retry).toBe(true);
  });

  test.each(['off', 'false', 'no', 'OFF'])('%s turns a switch off', (word) => {
    expect(asked(`since=2h suppress=${word}`).suppress_notifications).toBe(false);
    expect(asked(`--suppress ${word} since=2h`).suppress_notifications).toBe(false);
  });

  test.each(['force since=2h', 'since=2h --force', '--force --since 2h'])(
    'a bare name means on: %s',
    (text) => {
      expect(asked(text)).toMatchObject({ force_retry: true, since: TWO_HOURS_AGO });
    },
  );

  test.each(['dry_run', 'dry_run=true', '--dry_run on', '--dry-run'])('%s says what is so anyway', (text) => {
    expect(asked(`since=2h ${text}`).dry_run).toBe(true);
  });

  test.each(['dry_run=false', '--dry_run off', 'DRY_RUN:FALSE'])(
    '%s is read as the dry run that it starts as, and the answer says so',
    (text) => {
      expect(parseCommand(`since=2h ${text}`, NOW)).toMatchObject({
        kind: 'reading',
        request: { since: TWO_HOURS_AGO, dry_run: true },
        said: [
          {
            field: 'dry_run',
            message:
              'cannot be off in Slack: every command starts as a dry run, and Approve on its message executes it',
          },
        ],
      });
    },
  );

  test('"suppress off" without = is not taken for on', () => {
    expect(problemsOf('since=2h suppress off')).toHaveLength(1);
  });
});

describe('times', () => {
  test.each([
    ['2026-05-11T12:30:00Z', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11T14:30:00.123456+02:00', '2026-05-11T12:30:00.123456Z'],
    ['2026-05-11t12:30z', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11 12:30:00.123456+00', '2026-05-11T12:30:00.123456Z'],
    ['"2026-05-11 14:30 +0200"', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11 12:30 UTC', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11 12:30 GMT', '2026-05-11T12:30:00.000000Z'],
    ['2h ago', '2026-05-12T06:00:00.000000Z'],
    ['90m', '2026-05-12T06:30:00.000000Z'],
    ['3d', '2026-05-09T08:00:00.000000Z'],
  ])('%s is one moment, and nothing was added to it', (text, instant) => {
    for (const command of [`since=${text} force`, `since:${text} force`, `--since ${text} force`]) {
      expect(asked(command)).toMatchObject({ since: instant, force_retry: true });
      expect(notesOf(command)).toEqual([]);
    }
  });

  test.each([
    ['2026-05-11 12:30', '2026-05-11T12:30:00Z'],
    ['2026-05-11T12:30', '2026-05-11T12:30:00Z'],
    ['2026-05-11 12:30:05.25', '2026-05-11T12:30:05.250000Z'],
    ['"2026-05-11 12:30:05"', '2026-05-11T12:30:05Z'],
    ['2026-05-11', '2026-05-11T00:00:00Z'],
  ])('%s has no zone: it is UTC, and the answer says so', (text, shown) => {
    expect(notesOf(`since=${text} vendor=7`)).toEqual([
      `since had no time zone and was read as UTC: ${shown}`,
    ]);
    expect(notesOf(`since=3d --until ${text}`)).toEqual([
      `until had no time zone and was read as UTC: ${shown}`,
    ]);
  });

  test.each([
    ['2026-05-11 08:20 UTC+2', '2026-05-11T06:20:00Z'],
    ['2026-05-11 08:20 UTC +2', '2026-05-11T06:20:00Z'],
    ['2026-05-11 08:20 UTC-04:00', '2026-05-11T12:20:00Z'],
    ['2026-05-11 08:20 utc–4', '2026-05-11T12:20:00Z'],
    ['2026-05-11 08:20 GMT+5:30', '2026-05-11T02:50:00Z'],
    ['2026-05-11 08:20 −04:00', '2026-05-11T12:20:00Z'],
    ['2026-05-11 08:20 –04:00', '2026-05-11T12:20:00Z'],
    ['2026-05-11T08:20:00—04:00', '2026-05-11T12:20:00Z'],
    ['2026-05-11 08:20 +2', '2026-05-11T06:20:00Z'],
    ['2026-05-11 UTC+2', '2026-05-10T22:00:00Z'],
  ])('%s has an offset as people write it: it is read, and the answer says how', (text, shown) => {
    for (const command of [
      `since=${text} vendor=7`,
      `--since ${text} vendor=7`,
      `since="${text}" vendor=7`,
    ]) {
      expect(asked(command).since).toBe(shown.replace('Z', '.000000Z'));
      expect(notesOf(command)).toEqual([`since was read as ${shown}`]);
    }
  });

  test.each([
    '2026-05-11 08:20 EDT',
    '2026-05-11 08:20 edt',
    '2026-05-11T08:20:00Z EDT',
    '2026-05-11 08:20 (EDT)',
    '2026-05-11 08:20 IDT',
    '2026-05-11 08:20 Europe/Berlin',
    '2026-05-11 08:20 Etc/GMT+2',
    '2026-05-11 08:20 eastern time',
    '2026-05-11 02:30 PM',
    '2026-05-11 2:30 pm',
    '2026-05-11 8:20',
    '2026-05-11 08:20 to 10:30',
    '2026-05-11 08:20 – 10:30',
    '2026-05-11 08:20-10:30',
    '2026-05-11 08:20 UTC+25',
    '2026-05-11 -04',
    '3d 08:20',
    '2h please',
  ])(
    '%s is not understood: only the operator knows the time, and the correction leaves it to them',
    (text) => {
      for (const command of [
        `since=${text} vendor=7`,
        `--since ${text} vendor=7`,
        `since="${text}" vendor=7`,
      ]) {
        expect(mistakesOf(command).corrected).toBe('/retry-batch since=<time> vendor_ids=7');
      }
      expect(mistakesOf(`since="${text} vendor=7`).corrected).toMatch(/^\/retry-batch since=<time/);
      expect(mistakesOf(JSON.stringify({ since: text })).corrected).toBe('/retry-batch since=<time>');
      expect(mistakesOf(`since=3d until=${text}`).corrected).toBe('/retry-batch since=3d until=<time>');
    },
  );

  test('what is not understood is named, with how to write it', () => {
    expect(problemsOf('since=2026-05-11 08:20 EDT error=x')).toEqual([
      expect.stringMatching(
        /^since has “EDT” behind “2026-05-11 08:20”.* as its offset, such as \+02:00 or UTC-4/,
      ),
    ]);
  });

  test('a slip in the name of a field behind a time is no part of it', () => {
    expect(mistakesOf('since=2h forse').corrected).toBe('/retry-batch since=2h force_retry=on');
  });

  test.each([
    '2026-02-30',
    '2026-05-11T24:00Z',
    '2026-05-11 12:60',
    '0000-01-01',
    '2026-05-11T12:30:00+24:00',
  ])('%s does not exist', (text) => {
    expect(problemsOf(`since=${text}`)).toEqual(['since names a day or a time of day that does not exist']);
  });

  test.each(['gestern', '2', 'h', '1.3h', '-2h', '2mo', '12:30', '11.05.2026', '2026-05-11T12'])(
    '%s is not a time',
    (text) => {
      expect(problemsOf(`since=${text}`)).toEqual([expect.stringMatching(/^since must be a time such as/)]);
    },
  );

  test('more than microseconds are refused, not rounded', () => {
    expect(problemsOf('since=2026-05-11T12:30:00.1234567Z')).toEqual([
      expect.stringContaining('more than six digits'),
    ]);
  });

  test('a time before the calendar begins is refused', () => {
    expect(problemsOf('since=9999999d')).toEqual(['since is too long ago; no execution is that old']);
  });
});

describe('the text of an error', () => {
  test.each([
    ['error=new_task', 'new_task'],
    ['error="local variable \'new_task\'"', "local variable 'new_task'"],
    ['error=\'expected "id"\'', 'expected "id"'],
    ['--error "a --since=2h b"', 'a --since=2h b'],
    ['error:"since: 2h, vendor=7"', 'since: 2h, vendor=7'],
    ['error=KeyError:x=1', 'KeyError:x=1'],
    ['--error KeyError:x=1', 'KeyError:x=1'],
    ["error=couldn't", "couldn't"],
    ['error="C:\\new\\"', 'C:\\new\\'],
    ['error="100%_*"', '100%_*'],
    ['error="a - b – c — d"', 'a - b – c — d'],
    ['error="  two  spaces "', '  two  spaces '],
    ['error="<text>"', '<text>'],
  ])('%s is searched for as it stands', (text, pattern) => {
    expect(asked(`since=2h ${text}`).error_pattern).toBe(pattern);
  });
});

test.each([
  '',
  '  ',
  '\u200b\u00a0',
  'help',
  'HELP',
  '--help',
  '—help',
  '-h',
  '?',
  'since=2h --help',
  '`help`',
])('an operator who asks for help with "%s" gets it', (text) => {
  expect(parseCommand(text, NOW)).toEqual({ kind: 'help' });
});

test('"help" as the text of an error is not a wish for help', () => {
  expect(asked('since=2h error=help').error_pattern).toBe('help');
  expect(asked('since=2h --error help').error_pattern).toBe('help');
  expect(asked('since=2h error="please help me"').error_pattern).toBe('please help me');
});

test.each([
  ['error=please help me', 'please help me'],
  ['error=need help', 'need help'],
  ['error="need help', 'need help'],
  ['error=what is this ?', 'what is this ?'],
  ['error=curl -h failed', 'curl -h failed'],
  ['error=use --help for more', 'use --help for more'],
])('a word that asks for help inside a value does not: %s lacks quotes', (text, pattern) => {
  expect(mistakesOf(`since=2h ${text}`).corrected).toBe(`/retry-batch since=2h error_pattern="${pattern}"`);
});

test.each([
  'since=2h help',
  'since=2026-05-11 08:20 --help',
  'vendor=7 help',
  'please help',
  'since=2h error=x --help',
])('a word that asks for help and belongs to no value does: %s', (text) => {
  expect(parseCommand(text, NOW)).toEqual({ kind: 'help' });
});
