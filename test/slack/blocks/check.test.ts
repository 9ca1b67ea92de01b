// The check that the other tests lean on has to see what it is there for.
import type { Message } from '../../../src/slack/blocks/message.ts';
import { problems, unsafe } from './check.ts';

const said = (text: string): Message => ({
  text: 'x',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
});

test('a sound message has no problem', () => {
  expect(problems(said('*12* `KeyError` <@U0ANA>'))).toEqual([]);
});

test.each([
  '<!channel>',
  '<@u1>',
  '<https://evil|Approve>',
  '&amp',
  'a `b',
  '\u202e',
  '\ud83d',
  '<!date^1^{date}|x>',
])('the check sees %j', (text) => {
  expect(unsafe(text)).not.toEqual([]);
});

test('the check sees what outgrows a limit', () => {
  expect(problems(said('x'.repeat(3001)))).not.toEqual([]);
  expect(problems({ ...said('x'), text: 'x'.repeat(3901) })).not.toEqual([]);
  expect(
    problems({ text: 'x', blocks: Array.from({ length: 11 }, () => said('x').blocks).flat() }),
  ).not.toEqual([]);
  expect(
    problems({ text: 'x', blocks: Array.from({ length: 4 }, () => said('x'.repeat(2500)).blocks).flat() }),
  ).not.toEqual([]);
  expect(
    problems({ text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }] }),
  ).not.toEqual([]);
});
