import fc from 'fast-check';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { cases } from '../../support/cases.ts';
import { asked, ONE, throughSlack } from './asked.ts';
import { requests } from './requests.ts';

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
      { numRuns: cases(10_000) },
    );
  });
});
