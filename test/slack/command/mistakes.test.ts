import { mistakesText } from '../../../src/slack/command/mistakes-text.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { asked, mistakesOf, NOW, ONE, problemsOf, TWO, throughSlack } from './asked.ts';

describe('an operator with mistakes', () => {
  test('gets all of them in one answer', () => {
    expect(
      problemsOf('sinse=2h vendor=7,x ids=1 dry_run=false frobnicate=1 force=maybe until=2026-02-30').map(
        (line) => line.split(' ').slice(0, 4).join(' '),
      ),
    ).toEqual([
      'sinse is not a',
      'frobnicate is not a',
      'vendor_ids item 2 must',
      'execution_uuids item 1 must',
      'dry_run cannot be off',
      'force_retry must be on',
      'until names a day',
      'since cannot be combined',
      'until cannot be combined',
    ]);
  });

  test.each([
    ['sinse=2h', 'since', '/retry-batch since=2h'],
    ['since=2h vendr=7', 'vendor', '/retry-batch since=2h vendor_ids=7'],
    ['since=2h --supress off', 'suppress', '/retry-batch since=2h suppress_notifications=off'],
    ['since=2h eror="a b"', 'error', '/retry-batch since=2h error_pattern="a b"'],
    ['since=2h forse', 'force', '/retry-batch since=2h force_retry=on'],
  ])('%s: %s was meant', (text, meant, corrected) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`did you mean ${meant}?`)]);
    expect(mistakesOf(text).corrected).toBe(corrected);
  });

  test.each([
    ['since=2h since=2h', '/retry-batch since=2h'],
    ['since=2h error=a error_pattern=a', '/retry-batch since=2h error_pattern=a'],
    ['since=2h since=3h', '/retry-batch since=<time>'],
    ['since=2h suppress suppress=off', '/retry-batch since=2h suppress_notifications=<on-or-off>'],
    ['since=2h vendor=7 vendor_ids=8', '/retry-batch since=2h vendor_ids=<ids>'],
  ])('%s: a field twice is kept once only where both say the same', (text, corrected) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/ is given twice.*; give it once/)]);
    expect(mistakesOf(text).corrected).toBe(corrected);
  });

  test.each([
    ['since 2h', '/retry-batch since=2h'],
    ['since = 2h', '/retry-batch since=2h'],
    ['since: 2h force off', '/retry-batch since=2h force_retry=off'],
    ['-since=2h', '/retry-batch since=2h'],
    ['since=2h error=local variable x', '/retry-batch since=2h error_pattern="local variable x"'],
    ['error=KeyError: "x" in a:b since=2h', '/retry-batch since=2h error_pattern=\'KeyError: "x" in a:b\''],
    ['error="local variable since=2h', '/retry-batch since=2h error_pattern="local variable"'],
    ["since=2h error='couldn't find x'", '/retry-batch since=2h error_pattern="couldn\'t find x"'],
    ['since=2h error="a", force', '/retry-batch since=2h error_pattern=a force_retry=on'],
    [`ids=${ONE} ${TWO}`, `/retry-batch execution_uuids=${ONE},${TWO}`],
    ['since=2h vendor=7,,12,', '/retry-batch since=2h vendor_ids=7,12'],
  ])('%s: one mistake, and the corrected command parses', (text, corrected) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
    expect(mistakesOf(text).corrected).toBe(corrected);
    expect(asked(corrected)).toBeTruthy();
  });

  test.each([
    ['', 'force', '/retry-batch since=<time> force_retry=on'],
    ['', 'since= vendor=7', '/retry-batch since=<time> vendor_ids=7'],
    ['', '--error --since 2h', '/retry-batch since=2h error_pattern=<text>'],
    ['', 'since=2h vendor=7,x,12', '/retry-batch since=2h vendor_ids=7,<ids>,12'],
    ['', 'since=2h force=maybe', '/retry-batch since=2h force_retry=<on-or-off>'],
    ['', 'since=1h until=2h', '/retry-batch since=<time> until=2h'],
    ['', `since=2h ids=${ONE}`, `/retry-batch since=<2h-or-leave-out> execution_uuids=${ONE}`],
    ['', 'since=2h error=""', '/retry-batch since=2h error_pattern=<text>'],
    ['', 'since=2h --frob x y', '/retry-batch since=2h <frob-or-leave-out>'],
    ['', 'since=2h limit=10 vendor=7', '/retry-batch since=2h vendor_ids=7 <limit=10-or-leave-out>'],
    ['', 'acme since=2h', '/retry-batch since=2h <acme-or-leave-out>'],
    ['', 'since=2h force acme', '/retry-batch since=2h force_retry=on <acme-or-leave-out>'],
    [
      '',
      'since=2h error="it\'s `x`" limit=10',
      '/retry-batch {"since":"2h","error_pattern":"it\'s \\u0060x\\u0060","<limit=10-or-leave-out>":null}',
    ],
    ['', `since=2h ids="${ONE}, ${TWO}`, '/retry-batch since=<2h-or-leave-out> execution_uuids=<uuids>'],
  ])('only the operator can fill the gap%s: %s', (_, text, corrected) => {
    expect(mistakesOf(text).corrected).toBe(corrected);
    // Pasted without filling it in, also as Slack delivers it, it is a mistake again and the gap stays.
    expect(mistakesOf(throughSlack(corrected)).corrected).toMatch(/<[^ ]+>/);
  });

  test('is asked again what is still to be decided, also behind a text', () => {
    const text = 'since=2h error=a <limit=10-or-leave-out>';
    expect(problemsOf(text)).toEqual([expect.stringContaining('still to be decided')]);
    expect(mistakesOf(text).corrected).toBe('/retry-batch since=2h error_pattern=a <limit=10-or-leave-out>');
  });

  test.each([
    ['since=2h --no-suppress', 'no-suppress is written suppress=off', 'suppress_notifications=off'],
    ['since=2h nosuppress', 'nosuppress is written suppress=off', 'suppress_notifications=off'],
    ['since=2h no_supress=true', 'no_supress is written suppress=off', 'suppress_notifications=off'],
    ['since=2h no suppress', 'no suppress is written suppress=off', 'suppress_notifications=off'],
    ['since=2h don’t suppress', 'don’t suppress is written suppress=off', 'suppress_notifications=off'],
    ['since=2h --notify', 'notify is written suppress=off', 'suppress_notifications=off'],
    ['since=2h --no-notifications', 'no-notifications is written suppress=on', 'suppress_notifications=on'],
    ['since=2h --notify=off', 'notify is written suppress=off', 'suppress_notifications=on'],
    ['since=2h --no-force', 'no-force is written force=off', 'force_retry=off'],
    [
      'since=2h --no-suppress=off',
      'no-suppress is written suppress=off',
      'suppress_notifications=<on-or-off>',
    ],
    [
      '{"since":"2h","no_suppress":true}',
      'no_suppress is written suppress=off',
      'suppress_notifications=off',
    ],
  ])('%s is named for what it is, and never turned round', (text, named, corrected) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(named)]);
    expect(mistakesOf(text).corrected).toBe(`/retry-batch since=2h ${corrected}`);
  });

  test.each(['--no-dry-run', '--execute'])('%s is dry_run=off, which there is none of in Slack', (text) => {
    expect(problemsOf(`since=2h ${text}`)).toEqual([
      `${text.slice(2)} is written dry_run=off`,
      expect.stringMatching(/^dry_run cannot be off in Slack/),
    ]);
  });

  test('what is no field at all is named by its words', () => {
    expect(problemsOf('hello there since=2h')).toEqual([
      expect.stringMatching(/^“hello there” belongs to no field; .*or leave it out$/),
    ]);
  });

  test('a list of more than a thousand is refused as such', () => {
    const many = Array.from({ length: 1500 }, (_, index) => index + 1);
    expect(problemsOf(`since=2h vendor=${many}`)).toEqual([
      'vendor_ids must name at most 1000, not 1500; split the request',
    ]);
    expect(asked(`since=2h vendor=${many.slice(0, 1000)},${many.slice(0, 900)}`).vendor_ids).toHaveLength(
      1000,
    );
  });
});

describe('the private answer', () => {
  test('names each mistake and ends with a command to paste', () => {
    expect(mistakesText(mistakesOf('sinse=2h vendr=7'))).toBe(
      [
        'Nothing was started: 2 mistakes in `/retry-batch`.',
        '• `sinse` is not a field; did you mean since?',
        '• `vendr` is not a field; did you mean vendor?',
        'Corrected, to paste:',
        '```/retry-batch since=2h vendor_ids=7```',
      ].join('\n'),
    );
  });

  test('says where something is left to fill in', () => {
    expect(mistakesText(mistakesOf('force'))).toMatch(
      /fill.*\n```\/retry-batch since=&lt;time&gt; force_retry=on```$/,
    );
  });

  test('cannot mention anybody, make a link or end its code block', () => {
    const answer = mistakesText(
      mistakesOf(
        'since=2h <!channel|x> `x` <https://evil.example|Approve> &lt;!here&gt; a`b=1 error=```&lt;@U1&gt;',
      ),
    );
    expect(answer).not.toMatch(/[<>]/);
    expect(answer.replaceAll('```', '').match(/`/g)).toHaveLength(4);
    expect(answer.match(/```/g)).toHaveLength(2);
    expect(answer.endsWith('```')).toBe(true);
  });

  test('stays one message after five hundred mistakes', () => {
    for (const text of [
      'a&lt;=1 '.repeat(500),
      'x=& '.repeat(750),
      Array.from({ length: 500 }, (_, index) => `f${index}=1`).join(' '),
      `since=2h vendor=${'x,'.repeat(1400)}`,
      `since=2h error="${'&'.repeat(499)}" dry_run=maybe`,
      `${'y'.repeat(2990)}=1`,
      `ids=${Array.from({ length: 80 }, () => ONE).join(' ')}`,
    ]) {
      const parsed = parseCommand(text, NOW);
      expect(parsed.kind).toBe('mistakes');
      if (parsed.kind === 'mistakes') expect(mistakesText(parsed).length).toBeLessThan(3000);
    }
  });

  test('never shows half of a long command', () => {
    const many = Array.from({ length: 40 }, (_, index) => ONE.replace('0b8c', String(1000 + index)));
    const answer = mistakesText(mistakesOf(`ids=${many} dry_run=maybe`));
    expect(answer).toContain('too long to repeat here');
    expect(answer).not.toContain('```');
  });
});
