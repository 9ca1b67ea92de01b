// The words that ask for no dry run are taken only where nothing else was typed.
import { readOwnWord } from '../../../src/slack/command/own-words.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { NOW } from './asked.ts';

test.each([
  ['status', { kind: 'status' }],
  [' Status\u00a0', { kind: 'status' }],
  ['/retry-batch status', { kind: 'status' }],
  ['`status`', { kind: 'status' }],
  ['halt', { kind: 'halt', say: 'how' }],
  ['HALT   On', { kind: 'halt', say: 'on' }],
  ['halt off', { kind: 'halt', say: 'off' }],
  ['halt on now', { kind: 'halt', say: 'unclear' }],
  ['halt the run', { kind: 'halt', say: 'unclear' }],
  ['halt on off', { kind: 'halt', say: 'unclear' }],
  ['halt unclear', { kind: 'halt', say: 'unclear' }],
])('%j is one', (text, word) => {
  expect(readOwnWord(text)).toEqual(word);
});

test.each([
  'since=2h error=status',
  'since=2h error="halt on"',
  'since=2h for="status of halt on"',
  '--error halt --since 2h',
  '{"since": "2026-05-11T12:30:00Z", "error_pattern": "halt on"}',
])('inside a value it belongs to the value: %j', (text) => {
  expect(readOwnWord(text)).toBeUndefined();
  expect(parseCommand(text, NOW).kind).toBe('request');
});

test.each(['', 'help', 'status since=2h', 'statuses', 'halted', 'status?', 'what is the status'])(
  '%j is none',
  (text) => {
    expect(readOwnWord(text)).toBeUndefined();
  },
);
