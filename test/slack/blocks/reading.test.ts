// What somebody is shown who typed everyday words: the command that they were read as.
import { readingMessage } from '../../../src/slack/blocks/reading.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { problems, words } from './check.ts';

/** A clock is rarely at a whole second. */
const NOW = Date.parse('2026-05-12T08:00:40.123Z');

function shown(typed: string) {
  const reading = parseCommand(typed, NOW);
  if (reading.kind !== 'reading') throw new Error(`${typed}: ${JSON.stringify(reading)}`);
  const message = readingMessage(reading, '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b', 30);
  expect(problems(message)).toEqual([]);
  return message;
}

test.each([
  ['last 2 hours new_task', 'since=2026-05-12T06:00:40Z error_pattern=new_task'],
  ['2h', 'since=2026-05-12T06:00:40Z'],
  ['since="2 hours ago" until=now', 'since=2026-05-12T06:00:40Z until=2026-05-12T08:00:40Z'],
  ['since=2h new_task', 'since=2026-05-12T06:00:40Z error_pattern=new_task'],
])('what was counted back from now, such as %j, is pinned to a whole second', (typed, command) => {
  expect(shown(typed).text).toContain(`/retry-batch ${command}`);
});

test('microseconds that somebody typed stay', () => {
  expect(shown('since=2026-05-11T12:30:00.100001Z new_task').text).toContain(
    'since=2026-05-11T12:30:00.100001Z',
  );
});

test('whoever reads it learns that the button works once, for them, and how long', () => {
  expect(words(shown('2h'))).toContain('Run this dry run works once, for you alone, for 30 minutes.');
});
