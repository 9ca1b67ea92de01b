// The message that somebody decides on: what it says, what it asks, and what its buttons are.
import type { Instant } from '../../../src/domain/instant.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { DryRunView } from '../../../src/slack/blocks/dry-run-view.ts';
import { commandToRepeat } from '../../../src/slack/blocks/request-words.ts';
import { wordsIn, wordsOf } from '../../../src/slack/blocks/word-count.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { allButtons, problems, words } from './check.ts';
import { batch, view, withRequest, withSummary } from './sample.ts';

import { actions, told } from './told.ts';

const approveOf = (change: Partial<DryRunView> = {}) => allButtons(dryRunMessage({ ...view, ...change }))[0];
const dialogOf = (change: Partial<DryRunView>) => JSON.stringify(approveOf(change)?.confirm);

test('the text alone carries the whole decision', () => {
  const message = dryRunMessage({
    ...view,
    overlaps: [{ batchId: 'aabbccdd-5b7d-4e8f-9a0b-1c2d3e4f5a6b', status: 'waiting', rows: 12 }],
    notes: ['since was read as UTC'],
    newerMatches: { rows: 5, known: 'exactly' },
  });
  expect(problems(message)).toEqual([]);
  expect(message.text.split('\n')).toEqual([
    'Replay 1,204 failed executions? Customers hear nothing 🔕',
    'Matched 1,350 = Eligible 1,204 + Skipped 146',
    'For “Acme” 640, “Globex &amp; Sons” 280, “Initech” 90, “Hooli” 38 and 4 more',
    'Error with “new_task”',
    '<!date^1778502600^{date_short_pretty} {time}|2026-05-11T12:30:00Z> – <!date^1778522400^{time}|2026-05-11T18:00:00.123456Z> (2026-05-11 12:30–18:00 UTC)',
    'Last failed like this at 14:12 UTC; 38 runs of these workflows succeeded since.',
    '⚠️ 14 run an OLD workflow version',
    '⚠️ Rows in common with other batches: 12 in “aabbccdd” (waiting)',
    '⚠️ 5 more failed since this dry run, which leaves them out',
    'Left alone: 110 other errors · 36 need somebody',
    '<@U0ANA> asks · Ben Adler, Cho Park can approve until <!date^1778524201^{time}|18:30 UTC> · “3f2a9c1e”',
  ]);
});

test('the blocks show the same, and it is about sixty words beside buttons and small print', () => {
  const message = dryRunMessage(view);
  expect(message.blocks.map((block) => block.type)).toEqual([
    'header',
    'section',
    'section',
    'actions',
    'context',
  ]);
  for (const line of [
    '*Matched 1,350* = *Eligible 1,204* + *Skipped 146*',
    'For `Acme` 640, `Globex &amp; Sons` 280, `Initech` 90, `Hooli` 38 and 4 more',
    'Error with `new_task`',
    '<@U0ANA> asks · Ben Adler, Cho Park can approve until',
  ])
    expect(words(message)).toContain(line);
  expect(wordsOf({ blocks: message.blocks.slice(0, 3) })).toBeLessThan(70);
});

test('names of customers are cut at 30 characters, the error asked for at 60', () => {
  const long = 'ab'.repeat(200);
  const customers = { top: [{ vendorId: 1, name: long, count: 3 }], all: 1 };
  const [shown] = told({ batch: withSummary({ customers }, withRequest({ error_pattern: long })) });
  expect(shown).toContain(`For \`${long.slice(0, 29)}…\` 3\n`);
  expect(shown).toContain(`Error with \`${long.slice(0, 59)}…\`\n`);
});

test('a window says no microseconds where there are none, and the day once where it is one', () => {
  const window = (since: string, until: string, open = false) =>
    told({
      batch: {
        ...withRequest({ until: open ? null : (until as Instant) }),
        window: { since: since as Instant, until: until as Instant },
      },
    })[0];
  expect(window('2026-05-11T12:30:00.000000Z', '2026-05-11T14:30:00.000000Z')).toContain(
    '(2026-05-11 12:30–14:30 UTC)',
  );
  expect(window('2026-05-11T12:30:00.000001Z', '2026-05-12T00:00:05.000000Z')).toContain(
    '(2026-05-11 12:30:00.000001 – 2026-05-12 00:00:05 UTC)',
  );
  // Nobody named that end.
  expect(window('2026-05-11T12:30:00.000000Z', '2026-05-11T14:30:09.123456Z', true)).toContain(
    '(2026-05-11 12:30–14:30:09 UTC)',
  );
});

test('the buttons are Approve with its number, the only primary one, and what else one does; each carries the batch id alone', () => {
  const [approve, ...others] = allButtons(dryRunMessage(view));
  expect(approve).toMatchObject({
    action_id: 'retry_batch_approve',
    value: batch.id,
    style: 'primary',
    text: { text: 'Approve 1,204' },
    accessibility_label: 'Approve 1,204, batch 3f2a9c1e',
    confirm: {
      title: { text: 'Replay 1,204 executions?' },
      text: {
        text: 'Of 1,350 matched, 1,204 will be replayed; 146 are skipped. Notifications are suppressed: no webhook, no e-mail. 14 run an OLD workflow version.',
      },
    },
  });
  expect(others.map((one) => [one.action_id, (one.text as { text: string }).text])).toEqual([
    ['retry_batch_ask', 'Ask for approval'],
    ['retry_batch_change', 'Change'],
    ['retry_batch_cancel', 'Cancel'],
  ]);
  for (const one of others) {
    expect(one.value).toBe(batch.id);
    expect(one).not.toHaveProperty('style');
  }
});

test('with notifications on, the question says how many customers hear of it, and the button is red', () => {
  const loud = withRequest({ suppress_notifications: false, force_retry: true });
  for (const text of told({ batch: loud })) {
    expect(text).toContain('Replay 1,204 failed executions? 8 customers will be notified 📣');
    expect(text).toContain('force_retry is ON');
  }
  expect(approveOf({ batch: loud })).toMatchObject({ action_id: 'retry_batch_approve', style: 'danger' });
  expect(dialogOf({ batch: loud })).toContain('up to 1,100 webhooks and 1,204 e-mails go to 8 customers');
  expect(dialogOf({ batch: loud })).toContain('force_retry is ON');
  expect(dialogOf({ batch: loud })).toContain('"style":"danger"');
});

test('the largest numbers still fit into the dialog, side effects included', () => {
  const million = 1_000_000;
  const large = withSummary(
    {
      matched: 3 * million,
      eligible: million,
      skipped: 2 * million,
      drifted: million,
      notifications: { webhooks: million, emails: million, customers: million },
    },
    withRequest({ suppress_notifications: false, force_retry: true }),
  );
  expect(dialogOf({ batch: large })).toContain('force_retry is ON.');
});

test('what is left alone is told by what it takes', () => {
  const skippedByReason = {
    error_pattern_mismatch: 1,
    config_error: 2,
    project_already_exists: 1,
    duplicate_trigger_succeeded: 1,
  };
  for (const text of told({ batch: withSummary({ skippedByReason }) }))
    expect(text).toContain('Left alone: 1 other error · 3 need somebody · 1 settles by itself');
  for (const text of told({ batch: withSummary({ skipped: 0, skippedByReason: {} }) }))
    expect(text).not.toContain('Left alone');
});

describe('who can approve', () => {
  test('stands there by name, and nobody is called', () => {
    for (const text of told({ approvers: { names: ['Ann', 'Bob', 'Cy', 'Di', 'Ed'], all: 9 } })) {
      expect(text).toContain('Ann, Bob, Cy, Di, Ed and 4 more can approve until <!date^1778524201^');
      expect(text.match(/<@/g)).toHaveLength(1);
    }
  });

  test('is a second person where one is needed', () => {
    for (const text of told({ secondPersonRequired: true }))
      expect(text).toContain('Ben Adler, Cho Park can approve as a second person until');
  });

  test('is nobody where no admin is mapped', () => {
    for (const text of told({ approvers: { names: [], all: 0 } }))
      expect(text).toContain('⚠️ Nobody can approve: no admin is mapped');
  });

  test('no name mentions anybody or becomes a link', () => {
    const names = ['<@U0ADMIN>', '<!channel>', 'https://evil.com', 'ann@onramp.us'];
    const message = dryRunMessage({ ...view, approvers: { names, all: 4 } });
    expect(problems(message)).toEqual([]);
    expect(words(message)).not.toMatch(/<!channel|:\/\/evil|ann@/);
  });
});

test('hand-picked executions have no window', () => {
  const picked = {
    ...withRequest({
      since: null,
      execution_uuids: ['3f2a9c1e-0000-4000-8000-000000000001'],
      error_pattern: null,
    }),
    window: null,
  };
  for (const text of told({ batch: picked })) {
    expect(text).toContain('1 picked by hand · Every error\n');
    expect(text).not.toContain('UTC)');
  }
});

test('a rest, and a choice of workflows, are told', () => {
  const rest = {
    ...withRequest({ rest_of: batch.id, since: null, ramp_uuids: ['3f2a9c1e-0000-4000-8000-000000000001'] }),
    window: null,
  };
  for (const text of told({ batch: rest }))
    expect(text).toMatch(/What batch .3f2a9c1e. left · Error with .new_task. · only 1 workflow\n/);
});

test('what was asked for in vain stands in the channel, how it was read in the thread', () => {
  const notes = ['⚠️ 1 of the 3 executions asked for does not exist: 3f2a9c1e', 'since was read as UTC'];
  for (const text of told({ notes })) {
    expect(text).toContain('⚠️ ');
    expect(text).toContain('1 of the 3 executions asked for does not exist: 3f2a9c1e');
    expect(text).not.toContain('read as UTC');
  }
});

test('where nothing is eligible there is no Approve button, and the message says why', () => {
  const empty = {
    eligible: 0,
    blastRadius: { top: [], pairs: 0, vendors: 0 },
    errorGroups: { top: [], groups: 0 },
  };
  const skipped = withSummary({ ...empty, matched: 146 });
  for (const kind of ['previewed', 'waiting'] as const) {
    expect(actions({ batch: skipped, headline: { kind } })).not.toContain('retry_batch_approve');
  }
  for (const text of told({ batch: skipped, headline: { kind: 'previewed' } })) {
    expect(text).toContain('Nothing to replay: all 146 are skipped');
    expect(text).toContain('There is nothing to approve: everything that matches is skipped.');
    expect(text).toContain('Left alone: 110 other errors · 36 need somebody');
    expect(text).not.toContain('can approve');
  }
  const nothing = withSummary({ ...empty, matched: 0, skipped: 0, skippedByReason: {} });
  for (const text of told({ batch: nothing, headline: { kind: 'previewed' } })) {
    expect(text).toContain('nothing matches');
    expect(text).toContain('no execution in ERROR matches. Check the window');
  }
});

test('a window before 1970 is shown in UTC only, because Slack has no date for it', () => {
  const old = {
    ...withRequest({ until: '1969-12-31T00:00:00.000000Z' as Instant }),
    window: {
      since: '0001-01-01T00:00:00.000000Z' as Instant,
      until: '1969-12-31T00:00:00.000000Z' as Instant,
    },
  };
  expect(told({ batch: old })[1]).toContain(
    '0001-01-01T00:00:00Z – 1969-12-31T00:00:00Z (0001-01-01 00:00 – 1969-12-31 00:00 UTC)',
  );
});

test('an error pattern that pasting would change is not offered as a command', () => {
  for (const error_pattern of ['a  b', 'שלום', 'password=hunter2', '@here', 'x'.repeat(400)]) {
    const [shown] = told({ batch: withRequest({ error_pattern }), headline: { kind: 'expired' } });
    expect(shown).toContain('To replay after all, ask for a new dry run');
  }
});

test('the command that is offered asks for the same when it is pasted', () => {
  for (const error_pattern of ['new_task', 'say "no"', "it's", 'a & b <c>', 'back\\slash', 'a`b']) {
    const { request } = withRequest({ error_pattern, suppress_notifications: false, vendor_ids: [7, 12] });
    const shown = commandToRepeat(request) ?? '';
    const pasted = shown.replaceAll('`', '').replace('/retry-batch', '');
    expect(parseCommand(pasted, 0)).toMatchObject({ kind: 'request', request });
  }
});

test('a person who asked over HTTP is named without the whole e-mail address', () => {
  const http = {
    ...batch,
    requestedBy: { kind: 'session' as const, user: { id: 1, email: 'ann@onramp.us' }, from: '1.2.3.4' },
  };
  for (const text of told({ batch: http, headline: { kind: 'previewed' } })) {
    expect(text).not.toContain('ann@');
    expect(text).toContain("can't be approved here");
  }
});

test('words are counted as a reader would: no signs, names for mentions, times as Slack draws them', () => {
  expect(wordsIn('*Matched 3* = *Eligible 2* + *Skipped 1* 🔕 · –')).toBe(6);
  expect(wordsIn('<@U1> at <!date^1^{date_short_pretty} {time}|2026-05-11 12:30 UTC>')).toBe(2 + 1 + 5);
  expect(wordsIn('<https://x.test/a|ONRAMP-1> &amp; `a &lt;b&gt; c`')).toBe(1 + 3);
});
