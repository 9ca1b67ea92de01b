// Emoji reach the bot as `:name:`, and are read as they were typed.
import fc from 'fast-check';
import { emojiData } from 'slack-to-html/emoji';
import { asShortcodes } from '../../../src/dev/slack/human/emoji.ts';
import { printCommand } from '../../../src/slack/command/print-command.ts';
import { cases } from '../../support/cases.ts';
import { asked, mistakesOf, notesOf } from './asked.ts';

const pattern = (text: string) => asked(`since=2h error=${text}`).error_pattern;

test.each([
  ['":tada: done"', '🎉 done'],
  [':boom:', '💥'],
  ['":warning: low"', '⚠️ low'],
  ['"(:x:)"', '(❌)'],
  ['":tada::rocket:"', '🎉🚀'],
  ['":wave::skin-tone-4: hi"', '👋🏽 hi'],
  ['":man-shrugging::skin-tone-4:"', '🤷🏽‍♂️'],
  ['“:fire: here”', '🔥 here'],
  ['":de:"', '🇩🇪'],
])('an emoji is read as it was typed: %s', (sent, typed) => {
  expect(pattern(sent)).toBe(typed);
});

test.each([
  'std::ok::result',
  'at 12:100:30',
  'a:x:b',
  'key:100:',
  ':partyparrot: down',
  '::',
  ':constructor:',
  ': x :',
])('what belongs to a word, or has a name that nobody knows, stays: %s', (text) => {
  expect(pattern(`"${text}"`)).toBe(text);
});

test('in a pasted body too', () => {
  expect(asked('{"since": "2026-05-11T12:30:00Z", "error_pattern": ":tada: done"}').error_pattern).toBe(
    '🎉 done',
  );
});

test('a note says what was read so, and what looks like an emoji and is none that is known', () => {
  expect(notesOf('since=2h error=":tada: :partyparrot: :12:"')).toEqual([
    ':tada: was read as 🎉, which Slack sends so; for the name itself write \\u003atada: in a JSON body',
    ':partyparrot: is searched for as it stands: no emoji of that name is known here',
  ]);
  expect(notesOf('since=2h error=std::ok::result')).toEqual([]);
});

test('the name itself can be asked for, and is repeated so that it is not read as an emoji', () => {
  const request = asked('{"since": "2026-05-11T12:30:00Z", "error_pattern": "\\u003atada: done"}');
  expect(request.error_pattern).toBe(':tada: done');
  expect(asked(printCommand(request))).toEqual(request);
});

test('a corrected command repeats it as it was typed', () => {
  expect(mistakesOf('sinse=2h error=":tada: done"').corrected).toContain('"🎉 done"');
});

test('every emoji that Slack knows comes back from a command as it went in', () => {
  const names = Object.keys(emojiData);
  const typed = fc.constantFrom(...names).map((name) => ({ name, emoji: pattern(`":${name}: x"`) }));
  fc.assert(
    fc.property(typed, ({ name, emoji }) => {
      expect(emoji).not.toContain(`:${name}:`);
      expect(pattern(`"${asShortcodes(String(emoji))}"`)).toBe(emoji);
    }),
    { numRuns: cases(10_000) },
  );
});
