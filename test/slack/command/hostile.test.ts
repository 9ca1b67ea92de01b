import fc from 'fast-check';
import { parseRequest } from '../../../src/domain/request.ts';
import { mistakesText } from '../../../src/slack/command/mistakes-text.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { cases } from '../../support/cases.ts';
import { asked, NOW, throughSlack } from './asked.ts';

const RUNS = { numRuns: cases(10_000) };

/** Whatever comes in: an answer, which keeps to the request's rules or to one message. */
function survives(text: string): void {
  const parsed = parseCommand(text, NOW);
  switch (parsed.kind) {
    case 'help':
      return;
    case 'request':
      expect(parsed.request.dry_run).toBe(true);
      expect(parseRequest(compact(parsed.request))).toEqual({ kind: 'request', request: parsed.request });
      expect(asked(throughSlack(printCommand(parsed.request)))).toEqual(parsed.request);
      return;
    case 'reading':
      // As a command, word for word as it was read: nothing of it goes missing, and pasted it is clear.
      expect(parsed.said.length).toBeGreaterThan(0);
      expect(asked(throughSlack(printCommand(parsed.request)))).toEqual(parsed.request);
      return;
    case 'mistakes': {
      expect(parsed.problems.length).toBeGreaterThan(0);
      expect(parsed.corrected.startsWith('/retry-batch ')).toBe(true);
      const answer = mistakesText(parsed);
      expect(answer.length).toBeLessThan(3000);
      expect(answer).not.toMatch(/[<>]/);
      correctionHelps(parsed.corrected);
    }
  }
}

/** Pasted as it is, the corrected command is a request, or shows what is left to fill in. */
function correctionHelps(corrected: string): void {
  for (const text of [corrected, throughSlack(corrected)]) {
    const again = parseCommand(text, NOW);
    if (again.kind === 'request') continue;
    expect([corrected, again]).toEqual([
      expect.stringMatching(/<[^ ]+>/),
      expect.objectContaining({ kind: 'mistakes' }),
    ]);
  }
}

function compact(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null));
}

describe('whatever is typed after /retry-batch', () => {
  test('gets an answer', () => {
    const halves = fc.nat(0xffff).map((code) => String.fromCharCode(code));
    const text = fc.oneof(
      { weight: 30, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      { weight: 30, arbitrary: fc.string({ unit: halves, maxLength: 60 }) },
      {
        weight: 30,
        arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((one) => `since=2h error="${one}"`),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4000, size: 'max' }) },
    );
    fc.assert(fc.property(text, survives), RUNS);
  });

  test('gets an answer, also where it nearly is a command', () => {
    const piece = fc.constantFrom(
      ...[
        'since',
        'until',
        'vendor',
        'ids',
        'error',
        'suppress',
        'force',
        'dry_run',
        'sinse',
        'foo',
        '--',
        '—',
        '-',
      ],
      ...[
        '=',
        ':',
        ' ',
        '\n',
        '"',
        "'",
        '“',
        '”',
        '’',
        '`',
        '```',
        '{',
        '}',
        '[',
        ']',
        ',',
        '\\',
        '&amp;',
        '<',
        '>',
      ],
      ...[
        '2h',
        '2026-05-11',
        '12:30',
        'Z',
        '7',
        'x',
        'on',
        'off',
        'help1',
        'EDT',
        'UTC+2',
        'no',
        'limit',
        '<time>',
        '<https://',
        '|',
        '\u200b',
        '\u00a0',
      ],
      ...[
        '"since":',
        '"2h"',
        '"error_pattern":',
        'null',
        'true',
        '{"',
        '"}',
        '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31',
      ],
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
        survives,
      ),
      RUNS,
    );
  });

  test('gets an answer, also where everyday words name the ends of the calendar', () => {
    const word = fc.constantFrom(
      ...['from', 'to', 'since', 'until', 'on', 'after', 'between', 'and', 'last', 'ago', 'now', 'at'],
      ...['today', 'yesterday', '0001-01-01', '0001-01-01T00:00Z', '9999-12-31', '9999-12-31T23:59Z'],
      ...['00:00', '23:59', '+14', '-12:00', 'UTC-12', 'UTC+14', '99999', '99999w', 'weeks', '9999999d'],
    );
    const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '));
    fc.assert(fc.property(words, survives), { ...RUNS, examples: [['9999-12-31'], ['on 9999-12-31']] });
  });

  test('gets an answer, also inside a body that nearly is JSON', () => {
    const body = fc.json({ maxDepth: 3 }).map((json) => `{"since":"2h","x":${json}`);
    fc.assert(
      fc.property(body, fc.constantFrom('', '}', ',}', '"}'), (start, end) => survives(start + end)),
      RUNS,
    );
  });

  test.each([
    '"a',
    '"a ',
    '"a"b ',
    "'a'b",
    'error="a"b ',
    'error=“a’b ',
    '<https:',
    '<https:|',
    '<@U',
    '&amp',
    '—',
    '-',
    '`',
    '{',
    '{"a":',
    '{"\\',
    '["a",',
    'since=2h ',
    'f=1 ',
    '--f ',
    '--f g ',
    'error=a ',
    'a ',
    'vendor=7, ',
    '7,',
    ',',
    '\u00a0',
    'A',
    '\\"',
    ': ',
    'help1 ',
    'ids=1 2 ',
    '2h EDT ',
    'no force ',
    'curl -d ',
    "curl '",
  ])('is answered at ten times the length that Slack lets through: %j', (unit) => {
    // Quadratic work on a text like this takes minutes, which the runner's own patience ends.
    for (const start of ['', 'since=2h ', 'since=2h error="', '{"since":"', 'curl -d "{']) {
      survives(start + unit.repeat(Math.ceil(40_000 / unit.length)));
    }
  });
});
