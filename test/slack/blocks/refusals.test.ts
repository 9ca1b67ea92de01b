import { readEvidence } from '../../../src/domain/audit.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { batchesNamed } from '../../../src/slack/blocks/batch-name.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { Message } from '../../../src/slack/blocks/message.ts';
import { refusalText } from '../../../src/slack/blocks/refusals.ts';
import { refusedBecause } from '../../../src/slack/blocks/refused-because.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { COMMAND } from '../../../src/slack/command/print-command.ts';
import { SCRIPTS } from '../../../src/usage.ts';
import { allButtons, unsafe } from './check.ts';
import { BEN, batch, ended, NOT_LIVE, view } from './sample.ts';

const at = new Date('2026-05-11T18:05:00Z');
const AT = '<!date^1778522700^{time} {date_short_pretty}|2026-05-11 18:05 UTC>';

const OTHER = '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b';
const live = { failures: NOT_LIVE, sentry: null };

/** One of each kind at least; a kind that is missing does not compile. */
const OF_KIND: {
  readonly [Kind in Refusal['kind']]: readonly Omit<Extract<Refusal, { kind: Kind }>, 'kind'>[];
} = {
  not_mapped: [{ teamId: 'T1', userId: 'U1' }],
  mapped_twice: [
    {
      userId: 'U1',
      mappings: [
        { teamId: 'E1', user: { id: 7, email: 'priya@onramp.test' } },
        { teamId: 'T1', user: { id: 8, email: 'tomas@onramp.test' } },
      ],
    },
  ],
  no_role: [{ role: 'ONRAMP_ADMIN' }],
  inactive: [{}],
  deactivated: [{}],
  guest: [{}],
  bot: [{}],
  other_organisation: [{}],
  slack_unreachable: [{}],
  second_person_required: [{}],
  not_requester_or_admin: [{ verb: 'cancel' }],
  called_already: [{ at }],
  called_lately: [{ until: at, channelId: 'C1' }],
  nobody_to_call: [{}],
  unknown_batch: [{}],
  nothing_eligible: [{}],
  all_fixed: [{ rows: 1 }, { rows: 3000 }],
  not_live: [{ live }],
  expired: [{ at }],
  cancelled: [{ by: BEN, at }],
  already_decided: [{ status: 'running', by: BEN, at }],
  other_replayer: [
    { host: null, status: 'waiting' },
    { host: 'app.example.com', status: 'paused' },
    { host: 'app.example.com', status: 'finished' },
  ],
  retry_over: [{ at }],
  rest_taken: [{ by: OTHER }],
  rest_under_way: [{ batchId: OTHER, status: 'running' }],
  rest_asked: [
    { batchId: OTHER, channelId: 'C1' },
    { batchId: null, channelId: 'C1' },
  ],
  rest_nowhere: [{ batchId: OTHER }],
  form_sent: [{ batchId: OTHER }, { batchId: null }],
  form_gone: [{}],
  reading_gone: [{ minutes: 30 }],
  reading_not_theirs: [{}],
  reading_used: [{ batchId: OTHER }, { batchId: null }],
  wrong_status: [{ verb: 'pause', status: 'finished' }],
  brake_on: [{}],
  nothing_owed: [{}],
  owed_elsewhere: [{}],
  owed_over: [{ at }],
  second_person_sends: [{}],
  owed_choice_gone: [{}],
  owed_choice_sent: [{ at }],
  wrong_workspace: [{}],
  channel_shared: [{ channelId: 'C1' }],
  channel_archived: [{ channelId: 'C1' }],
  channel_not_allowed: [{ channelId: 'C3', allowed: ['C1', 'C2'] }],
  bot_not_in_channel: [{ channelId: 'C1' }],
  direct_message: [{}],
  database_unreachable: [{}],
  plan_too_large: [{ rows: 1_500_000, limit: 1_000_000 }],
  plan_took_too_long: [{ seconds: 60 }],
  plan_busy: [{ whose: 'own' }, { whose: 'all' }],
  plan_over_quota: [{ whose: 'own', rows: 9, limit: 3, waiting: [{ batchId: OTHER, rows: 3 }] }],
};

const EVERY = Object.entries(OF_KIND).flatMap(([kind, all]) =>
  all.map((one) => ({ kind, ...one }) as Refusal),
);

test('whoever is to try again later is told a minute at which it is over', () => {
  const until = new Date('2026-05-11T18:05:01Z');
  expect(refusalText({ kind: 'called_lately', until, channelId: 'C1' })).toContain(
    'Try again at <!date^1778522760^{time}|18:06 UTC>',
  );
});

test.each(EVERY)('a refusal says why, that nothing was done, and ends with what to do: $kind', (refusal) => {
  const text = refusalText(refusal);
  expect(unsafe(text)).toEqual([]);
  expect(text.length).toBeLessThan(600);
  expect(text).toMatch(
    /nothing was (?:done|planned)|Nothing was done|nothing to approve|changed nothing|no second (?:one|dry run)/,
  );
  const last = text.split(/(?<=[.;:]) (?=[A-Z])/).at(-1) ?? '';
  expect(last).toMatch(
    /\b(?:[Aa]sk|Try|try|Type|type|Look|look|Follow|Use|tell|says|automation|click|Click|Decide|narrow|Open|Tell|listed)\b/,
  );
  expect(refusedBecause(refusal.kind)).toBeDefined();
});

/** The words of a refusal that are a command of the operator's, with what it is made of. */
const commandsIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, command]) => String(command));

test.each(EVERY)('a command that a refusal names is there to be typed: $kind', (refusal) => {
  const text = refusalText(refusal);
  // A message may have one or not, as what was asked is long or short.
  expect(text).not.toMatch(/command (?:in|on|above|that stands)/);
  for (const command of commandsIn(text)) {
    const [, script, verb] = /^npm run (\w+)(?: -- (\w+))?$/.exec(command) ?? [];
    if (script !== undefined) {
      const verbs: readonly string[] | null = SCRIPTS[script as keyof typeof SCRIPTS].verbs;
      if (verb !== undefined) expect(verbs).toContain(verb);
    } else if (/^[a-z_]+=/.test(command)) {
      const typed = command
        .replace('since=… until=…', 'until=1h')
        .replace('ramp_uuids=…', `ramp_uuids=${OTHER}`)
        .replace('…', 'text');
      expect(parseCommand(`since=2h ${typed}`, at.getTime()).kind).not.toBe('mistakes');
    } else if (command.startsWith(`${COMMAND} `)) {
      expect(parseCommand(command.slice(COMMAND.length), at.getTime()).kind).not.toBe('mistakes');
    } else expect([COMMAND, '/invite @retry-batch', '/readyz']).toContain(command);
  }
});

/** The buttons of the messages that a refusal may point to, with what they have on them. */
const BUTTONS: Readonly<Record<string, readonly string[]>> = {
  message: [dryRunMessage(view), dryRunMessage({ ...view, batch: { ...batch, live: NOT_LIVE } })].flatMap(
    labels,
  ),
  report: labels(reportMessage({ ...ended, retryOver: true, owes: true })),
};

function labels(message: Message): string[] {
  return allButtons(message).map(({ text }) => (text as { text: string }).text);
}

test.each(EVERY)('a button that a refusal names is where it says: $kind', (refusal) => {
  const text = refusalText(refusal, { whoCan: ['Priya'] });
  const clicks = [...text.matchAll(/\b[Cc]lick (.*?)(?: (?:on|in) its (message|report)| again)/g)];
  expect(clicks).toHaveLength(text.match(/\b[Cc]lick [A-Z]/g)?.length ?? 0);
  for (const [, named = '', where = 'report'] of clicks) {
    const [before = '', after = ''] = named.split(' … ');
    const found = BUTTONS[where]?.filter((label) =>
      named.includes(' … ') ? label.startsWith(before) && label.endsWith(after) : label === named,
    );
    expect({ named, found }).toEqual({ named, found: expect.arrayContaining([expect.any(String)]) });
  }
});

/** What it names in a command has no message in Slack. */
const LINKED = EVERY.filter(({ kind }) => kind !== 'rest_nowhere');

test.each(LINKED)('a batch that a refusal names is looked up, and then is a link: $kind', (refusal) => {
  const { drawn, named } = batchesNamed((links) => refusalText(refusal, { links }));
  expect(named).toEqual(JSON.stringify(refusal).includes(OTHER) ? [OTHER] : []);
  expect(drawn.includes(OTHER.slice(0, 8))).toBe(named.length > 0);
  const links = new Map([[OTHER, 'https://onramp.slack.com/archives/C0123/p1']]);
  expect(refusalText(refusal, { links })).not.toContain('“3f2a9c1e”');
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
