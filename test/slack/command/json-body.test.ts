import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { request } from '../blocks/sample.ts';
import { asked, mistakesOf, NOW, notesOf, ONE, problemsOf } from './asked.ts';

const RUNBOOK = `{
"since": "2026-05-11T12:30:00Z",
"error_pattern": "new_task",
"dry_run": true
}`;

describe("the runbook's body, pasted after the command", () => {
  test.each([
    ['as it is', RUNBOOK],
    ['on one line', RUNBOOK.replaceAll('\n', ' ')],
    ['with the quotes of a phone', RUNBOOK.replaceAll(/"(\w[^"]*)"/g, '“$1”')],
    ['with every quote a closing one', RUNBOOK.replaceAll('"', '”')],
    ['with no-break spaces', RUNBOOK.replaceAll('\n', '\u00a0\u00a0')],
    ['in a code block', `\`\`\`\n${RUNBOOK}\n\`\`\``],
    ['in a code block that names its language', `\`\`\`json\n${RUNBOOK}\`\`\``],
    ['in single backticks', `\`${RUNBOOK}\``],
    ['with the quotes of its curl command', `'${RUNBOOK}'`],
    ['after the name of the command', `/retry-batch ${RUNBOOK}`],
  ])('is understood %s', (_, text) => {
    expect(asked(text)).toEqual(request);
  });

  test('takes every field with its JSON type', () => {
    expect(
      asked(
        `{"execution_uuids":["${ONE}"],"vendor_ids":[7],"ramp_uuids":["${ONE}"],"suppress_notifications":false,"force_retry":true}`,
      ),
    ).toMatchObject({ vendor_ids: [7], suppress_notifications: false, force_retry: true });
  });

  test('says that Slack suppresses by default, since the endpoint does not', () => {
    expect(notesOf(RUNBOOK)).toEqual([expect.stringContaining('that is the default in Slack')]);
    expect(notesOf('{"since":"2h","suppress_notifications":true}')).toEqual([]);
  });

  test('is read as a dry run where it would execute: the second body of the runbook', () => {
    const body = RUNBOOK.replace('"dry_run": true', '"suppress_notifications": true, "dry_run": false');
    expect(parseCommand(body, NOW)).toMatchObject({
      kind: 'reading',
      request: { error_pattern: 'new_task', suppress_notifications: true, dry_run: true },
      said: [{ field: 'dry_run', message: expect.stringContaining('every command starts as a dry run') }],
    });
  });

  test('keeps curly quotes and dashes that stand between straight quotes', () => {
    expect(asked('{"since":"2h","error_pattern":"couldn’t “x” — \\u2019"}').error_pattern).toBe(
      'couldn’t “x” — ’',
    );
  });

  test('reads the quotes of a phone straight, inside its text too', () => {
    const body = '{“since”: “2h”, “error_pattern”: “local variable ‘new_task’”}';
    expect(asked(body).error_pattern).toBe("local variable 'new_task'");
    expect(notesOf(body)[0]).toMatch(/^error_pattern was read with straight quotes/);
  });

  test('does not turn text into switches, numbers or lists', () => {
    expect(
      problemsOf('{"since":"2h","suppress_notifications":"false","vendor_ids":["7"],"ramp_uuids":"x"}'),
    ).toEqual([
      'suppress_notifications must be true or false, without quotes',
      'vendor_ids item 1 must be a number',
      'ramp_uuids must be a list of UUIDs',
    ]);
    expect(mistakesOf('{"since":"2h","vendor_ids":[]}').corrected).toBe(
      '/retry-batch since=2h vendor_ids=<ids>',
    );
    expect(problemsOf('{"since":null,"dry_run":"false"}')).toHaveLength(2);
  });

  test('with a field twice is a mistake, although JSON would let the last one win', () => {
    expect(problemsOf('{"since":"2h","vendor_ids":[7],"vendor_ids":[8],"vendor":[7]}')).toEqual([
      'vendor_ids is given 3 times (as vendor_ids and vendor); give it once',
    ]);
  });

  test('with a field inside another value does not count as given', () => {
    expect(problemsOf('{"since":"2h","vendor_ids":[{"until":"1h"}]}')).toEqual([
      'vendor_ids item 1 must be a number',
    ]);
  });

  test('with a misspelt field must not send mail to customers', () => {
    expect(problemsOf('{"since":"2h","suppress_notification":true,"__proto__":{}}')).toEqual([
      'suppress_notification is not a field; did you mean suppress_notifications?',
      expect.stringMatching(
        /^__proto__ is not a field: say it with one, or leave it out; the fields are since/,
      ),
    ]);
  });

  test.each([
    ['a comma too many', '{"since":"2h","vendor_ids":[7],}'],
    ['a comma missing', '{"since":"2h" "vendor_ids":[7]}'],
    ['its last bracket missing', '{"since":"2h","vendor_ids":[7]'],
    ['names without quotes', '{since:"2h",vendor_ids:[7]}'],
    ['single quotes', "{'since':'2h','vendor_ids':[7]}"],
  ])('with %s is one mistake, and the correction keeps what could be read', (_, body) => {
    expect(problemsOf(body)).toEqual([expect.stringMatching(/^The JSON body is not complete or not valid/)]);
    expect(mistakesOf(body).corrected).toBe('/retry-batch since=2h vendor_ids=7');
  });

  test('with more behind it is not corrected to a wider one', () => {
    expect(mistakesOf('{"since":"2h"} error=new_task').corrected).toBe(
      '/retry-batch since=2h <error=new_task-or-leave-out>',
    );
    expect(mistakesOf('{"since":"2h","limit":10}').corrected).toBe(
      '/retry-batch since=2h <limit-or-leave-out>',
    );
  });
});
