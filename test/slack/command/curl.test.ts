// The runbook's curl command, copied out of the runbook, a terminal or a browser and pasted behind `/retry-batch`.
import { mistakesText } from '../../../src/slack/command/mistakes-text.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { asked, mistakesOf, NOW, notesOf, throughSlack } from './asked.ts';

const HEAD = 'curl -X POST https://app.onramp.us/api/ramps/executions/retry-batch';
const COOKIE = '-b "session=c00k1e-of-priya"';
const TYPE = '-H "Content-Type: application/json"';
const BODY = `{
"since": "2026-05-11T12:30:00Z",
"error_pattern": "new_task",
"dry_run": true
}`;
const RUNBOOK = `${HEAD} \\\n${COOKIE} \\\n${TYPE} \\\n-d '${BODY}'`;
const REQUEST = { since: '2026-05-11T12:30:00.000000Z', error_pattern: 'new_task', dry_run: true };
const IN_DOUBLE_QUOTES = `"${BODY.replaceAll('"', '\\"')}"`;

describe("the runbook's curl command, pasted after the command", () => {
  test.each([
    ['as it is', RUNBOOK],
    ['as Slack wraps its address', RUNBOOK.replace(/https:\S+/, (url) => `<${url}>`)],
    ['with the lines joined by a clipboard', RUNBOOK.replaceAll('\n', ' ')],
    ['with Windows’ ends of lines', RUNBOOK.replaceAll('\n', '\r\n')],
    ['in a code block', `\`\`\`\n${RUNBOOK}\n\`\`\``],
    ['in a code block that names its language', `\`\`\`bash\n${RUNBOOK}\n\`\`\``],
    ['with its prompt', `$ ${RUNBOOK}`],
    ['after the name of the command', `/retry-batch ${RUNBOOK}`],
    ['with an API key', RUNBOOK.replace(COOKIE, '-H "Authorization: k" -H "or-internal-api-auth-secret: s"')],
    ['with --data', RUNBOOK.replace('-d ', '--data ')],
    ['with --data-raw=', RUNBOOK.replace('-d ', '--data-raw=')],
    ['with --json', RUNBOOK.replace('-d ', '--json ')],
    ['with the option and its value in one', RUNBOOK.replace('-d ', '-d').replace('-X POST', '-sSXPOST')],
    ['with the body before the rest', `curl -d '${BODY}' -s ${TYPE} ${COOKIE} https://app.onramp.us/x`],
    ['with the body in double quotes', `${HEAD} -d ${IN_DOUBLE_QUOTES}`],
    ['as a browser copies it', `${HEAD} --compressed --data-raw $'${BODY.replaceAll('\n', '\\n')}'`],
    ['piped into jq', `${RUNBOOK} | jq '.summary'`],
    ['written into a file', `${RUNBOOK} > answer.json`],
    ['with the quotes of a phone', `${HEAD} -b “session=x” -d ‘${BODY.replaceAll('"', '”')}’`],
    ['with the dash of a Mac', RUNBOOK.replace('-d ', '—data ')],
  ])('%s is understood', (_, command) => {
    expect(asked(command)).toMatchObject(REQUEST);
    expect(asked(throughSlack(command))).toMatchObject(REQUEST);
  });

  test('keeps an apostrophe that the shell was told of', () => {
    const command = `${HEAD} -d '{"since": "2h", "error_pattern": "couldn'\\''t"}'`;
    expect(asked(command).error_pattern).toBe("couldn't");
  });

  test('says that only its body counts, and that Slack suppresses by default', () => {
    expect(notesOf(RUNBOOK)).toEqual([
      expect.stringMatching(/^read from a curl command: only its JSON body counts here/),
      expect.stringContaining('that is the default in Slack'),
    ]);
  });

  test('that executes is read as the dry run that everything here starts as, and the answer says so', () => {
    const executes = RUNBOOK.replace('true', 'false').replace(
      '"dry_run"',
      '"suppress_notifications": true,\n"dry_run"',
    );
    expect(parseCommand(executes, NOW)).toMatchObject({
      kind: 'reading',
      request: REQUEST,
      said: [{ field: 'dry_run', message: expect.stringContaining('every command starts as a dry run') }],
    });
  });
});

describe('a curl command that is not understood says what to paste', () => {
  test.each([
    ['without a body', `${HEAD} ${COOKIE}`, 'has no JSON body', '<time>'],
    ['with a body in a file', `${HEAD} -d @body.json`, 'reads its body from a file', '<time>'],
    [
      'with a body behind it',
      `${HEAD} -d @- <<EOF\n${BODY}\nEOF`,
      'reads its body from a file',
      'new_task <the-rest',
    ],
    ['with a form', `${HEAD} -F since=2h`, 'sends its body with -F', '<time>'],
    ['with a form as its body', `${HEAD} -d 'since=2h&dry_run=true'`, 'no JSON object', '<time>'],
    [
      'with two bodies',
      `${HEAD} -d '{"since": "2h"}' -d '{"since": "3h"}'`,
      'more than one body',
      '<the-rest',
    ],
    ['with a second command', `${RUNBOOK}\n${RUNBOOK}`, 'followed by another command', '<the-rest'],
    [
      'with a second command behind &&',
      `${RUNBOOK} && ${RUNBOOK}`,
      'followed by another command',
      '<the-rest',
    ],
    ['with half of its body', RUNBOOK.slice(0, -20), 'a quote that is never closed', '<'],
    ['of Windows', `${HEAD} ^\n -d "{^"since^":^"2h^"}"`, 'curl command', '<'],
  ])('%s', (_, command, why, hole) => {
    const mistakes = mistakesOf(command);
    const answer = mistakesText(mistakes);
    expect(answer).toContain(why);
    expect(answer).toContain('paste the JSON body alone');
    expect(mistakes.corrected).toContain(hole);
    expect(mistakesOf(throughSlack(mistakes.corrected)).problems).not.toEqual([]);
  });

  test.each([
    RUNBOOK.replace('"since"', '"sinse"'),
    `${HEAD} ${COOKIE} -u priya:c00k1e`,
    RUNBOOK.slice(0, -1),
    `${RUNBOOK}; x`,
  ])('and never repeats its cookie: %#', (command) => {
    expect(mistakesText(mistakesOf(command))).not.toContain('c00k1e');
  });
});
