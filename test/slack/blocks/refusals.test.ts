import { readEvidence } from '../../../src/domain/audit.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { refusalText } from '../../../src/slack/blocks/refusals.ts';
import { refusedBecause } from '../../../src/slack/blocks/refused-because.ts';
import { unsafe } from './check.ts';
import { BEN } from './sample.ts';

const at = new Date('2026-05-11T18:05:00Z');
const AT = '<!date^1778522700^{date_short_pretty} {time_secs}|2026-05-11 18:05:00 UTC>';

const EVERY: Refusal[] = [
  { kind: 'not_mapped', teamId: 'T1', userId: 'U1' },
  {
    kind: 'mapped_twice',
    userId: 'U1',
    mappings: [
      { teamId: 'E1', user: { id: 7, email: 'priya@onramp.test' } },
      { teamId: 'T1', user: { id: 8, email: 'tomas@onramp.test' } },
    ],
  },
  { kind: 'no_role', role: 'ONRAMP_ADMIN' },
  { kind: 'inactive' },
  { kind: 'deactivated' },
  { kind: 'guest' },
  { kind: 'bot' },
  { kind: 'other_organisation' },
  { kind: 'slack_unreachable' },
  { kind: 'second_person_required' },
  { kind: 'not_requester_or_admin', verb: 'cancel' },
  { kind: 'called_already', at },
  { kind: 'called_lately', until: at, channelId: 'C1' },
  { kind: 'nobody_to_call' },
  { kind: 'unknown_batch' },
  { kind: 'nothing_eligible' },
  { kind: 'expired', at },
  { kind: 'cancelled', by: BEN, at },
  { kind: 'already_decided', status: 'running', by: BEN, at },
  { kind: 'wrong_status', verb: 'pause', status: 'finished' },
  { kind: 'other_replayer', host: null },
  { kind: 'other_replayer', host: 'app.example.com' },
  { kind: 'retry_over', at },
  { kind: 'brake_on' },
  { kind: 'wrong_workspace' },
  { kind: 'rest_nowhere', batchId: '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b' },
  { kind: 'channel_shared', channelId: 'C1' },
  { kind: 'channel_archived', channelId: 'C1' },
  { kind: 'channel_not_allowed', channelId: 'C3', allowed: ['C1', 'C2'] },
  { kind: 'bot_not_in_channel', channelId: 'C1' },
  { kind: 'direct_message' },
  { kind: 'database_unreachable' },
  { kind: 'plan_too_large', rows: 1_500_000, limit: 1_000_000 },
  { kind: 'plan_took_too_long', seconds: 60 },
];

test.each(EVERY)('a refusal says why, that nothing was done, and ends with what to do: $kind', (refusal) => {
  const text = refusalText(refusal);
  expect(unsafe(text)).toEqual([]);
  expect(text.length).toBeLessThan(600);
  expect(text).toMatch(/nothing was (?:done|planned)|Nothing was done|nothing to approve|changed nothing/);
  const last = text.split(/(?<=[.;:]) (?=[A-Z])/).at(-1) ?? '';
  expect(last).toMatch(/\b(?:[Aa]sk|Try|try|Type|type|Look|look|Follow|Use|tell|says|automation)\b/);
  expect(refusedBecause(refusal.kind)).toBeDefined();
});

test('the later of two admins is told who was first, and when', () => {
  expect(refusalText({ kind: 'already_decided', status: 'running', by: BEN, at })).toBe(
    `This batch was already approved by <@U0BEN> at ${AT} and is now running. Your click changed nothing. Follow the run in the thread.`,
  );
});

test('a bot that is not in the channel answers with the words that invite it', () => {
  expect(refusalText({ kind: 'bot_not_in_channel', channelId: 'C1' })).toContain('`/invite @retry-batch`');
});

test.each<Refusal>([
  { kind: 'rest_asked', batchId: null, channelId: 'C1' },
  { kind: 'called_lately', until: at, channelId: 'C1' },
  { kind: 'channel_shared', channelId: 'C1' },
  { kind: 'channel_archived', channelId: 'C1' },
  { kind: 'channel_not_allowed', channelId: 'C1', allowed: ['C2'] },
  { kind: 'bot_not_in_channel', channelId: 'C1' },
])('a channel is “this channel” to whoever reads it there, and has its name elsewhere: $kind', (refusal) => {
  const there = refusalText(refusal, { here: 'C1' });
  expect(there).toMatch(/this channel/i);
  expect(there).not.toContain('<#C1>');
  for (const help of [{ here: 'C9' }, {}]) {
    expect(refusalText(refusal, help)).toContain('<#C1>');
    expect(refusalText(refusal, help)).not.toMatch(/this channel|\bhere\b/i);
  }
});

test('a command in the wrong channel names the right ones', () => {
  expect(refusalText({ kind: 'channel_not_allowed', channelId: 'C3', allowed: ['C1', 'G2'] })).toContain(
    'Ask again in <#C1>, <#G2>.',
  );
  expect(refusalText({ kind: 'channel_not_allowed', channelId: 'C3', allowed: ['<!here>'] })).toContain(
    '“&lt;!here&gt;”',
  );
});

test('a dry run that is too large says by how much and how to narrow it', () => {
  const text = refusalText({ kind: 'plan_too_large', rows: 1_500_000, limit: 1_000_000 });
  expect(text).toContain('1,500,000 executions, more than the 1,000,000');
  expect(text).toContain('a shorter window');
  expect(refusalText({ kind: 'plan_too_large', rows: null, limit: 10 })).toContain(
    'This matches more than the 10',
  );
});

test('ids that are not ids are shown as data', () => {
  expect(unsafe(refusalText({ kind: 'not_mapped', teamId: '<!channel>', userId: '`' }))).toEqual([]);
});

test('a reason that the words do not know is none, not an error', () => {
  const evidence = { because: 'toString', attempted: 'approval_refused' };
  expect(readEvidence('approval_refused', evidence)).toBeNull();
});

test('who can is said by name, five at most, as data that calls nobody', () => {
  const whoCan = ['Priya Raman', '<!here> <@U1>', 'zoe@onramp.test', 'D', 'E', 'F', 'G'];
  const text = refusalText({ kind: 'no_role', role: 'ONRAMP_ADMIN' }, { whoCan });
  expect(text).toContain('Who can: Priya Raman, &lt;!here&gt;');
  expect(text).toMatch(/, D, E and 2 more\.$/);
  expect(text).not.toContain('zoe@onramp.test');
  expect(unsafe(text)).toEqual([]);
  expect(refusalText({ kind: 'inactive' }, { whoCan: [] })).toContain(
    'ask whoever runs the bot to map an admin',
  );
});

test('a batch that is named is a link to its message where that is known', () => {
  const links = new Map([
    ['3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b', 'https://onramp.slack.com/archives/C0123/p1?a=1&b=2'],
  ]);
  const by = '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b';
  expect(refusalText({ kind: 'rest_taken', by }, { links })).toContain(
    'by batch <https://onramp.slack.com/archives/C0123/p1?a=1&amp;b=2|3f2a9c1e>, so',
  );
  expect(refusalText({ kind: 'rest_taken', by })).toContain('by batch “3f2a9c1e”, so');
});
