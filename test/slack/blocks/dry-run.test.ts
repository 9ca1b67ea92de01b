import type { Instant } from '../../../src/domain/instant.ts';
import { SKIP_FILTERS } from '../../../src/domain/skip-filters.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { DryRunView, Headline } from '../../../src/slack/blocks/dry-run-view.ts';
import { commandToRepeat } from '../../../src/slack/blocks/request-words.ts';
import { parseCommand } from '../../../src/slack/command/parse-command.ts';
import { allButtons, problems, words } from './check.ts';
import { batch, progress, view, withRequest, withSummary } from './sample.ts';

import { actions, told } from './told.ts';

const tally = { matched: 1350, succeeded: 1190, failed: 10, skipped: 148, notReached: 2 };
const verified = { own: tally, recounted: tally, disagreements: [] };

test('the text alone carries the whole decision', () => {
  const message = dryRunMessage({
    ...view,
    overlaps: [{ shortId: 'aabbccdd', status: 'waiting', rows: 12 }],
    notes: ['since was read as UTC'],
    newerMatches: 5,
  });
  expect(problems(message)).toEqual([]);
  const UNTIL =
    '<!date^1778524201^{date_short_pretty} {time_secs}|2026-05-11 18:30:01 UTC> (2026-05-11 18:30:01 UTC)';
  expect(message.text.split('\n')).toEqual([
    '⏳ Approval needed: replay 1,204 executions?',
    'Matched 1,350 = Eligible 1,204 + Skipped 146',
    '🔕 Notifications suppressed: no webhook, no e-mail.',
    '⚠️ 14 of 1,204 run an OLD version of their workflow. For the new one, retrigger them from the CRM instead.',
    '⚠️ Rows in common with other batches: 12 in “aabbccdd” (waiting). The later run skips what the earlier one fixes.',
    '5 more executions turned up since the dry run; this batch leaves them out. Ask again to include them.',
    `A mapped ONRAMP_ADMIN may approve until ${UNTIL}. <@U0ANA> or an admin may cancel.`,
    'Batch “3f2a9c1e” · Complete lists (1,204 eligible, 146 skipped) in the thread',
    '<@U0ANA> asks to replay failed executions.',
    'Window (your time): <!date^1778502600^{date_short_pretty} {time_secs}|2026-05-11T12:30:00Z> to <!date^1778522400^{date_short_pretty} {time_secs}|2026-05-11T18:00:00.123456Z>',
    'Window (UTC, end not included): 2026-05-11T12:30:00Z to 2026-05-11T18:00:00.123456Z',
    'Filters: last error contains “new_task” (case counts)',
    'since was read as UTC',
    'Skipped:',
    '- 110 error_pattern_mismatch',
    '- 24 config_error',
    '- 9 ramp_archived',
    '- 3 project_already_exists',
    'Blast radius: 8 vendors, 9 vendor and ramp pairs',
    '- 700 “Acme” (vendor 7), “Customer onboarding” (ramp 41)',
    '- 300 “Globex &amp; Sons” (vendor 12), “Closed won” (ramp 52)',
    '- 100 “Initech” (vendor 3), “Renewal” (ramp 60)',
    '- 40 “Hooli” (vendor 4), “New logo” (ramp 61)',
    '- 30 “Umbrella” (vendor 5), “Pilot” (ramp 62)',
    '- 180 in 4 more vendor and ramp pairs',
    'Failed with:',
    "- 1,190 “UnboundLocalError: local variable '&lt;value&gt;' referenced before assignment (new_task)”",
    '- 14 “KeyError: new_task”',
  ]);
});

test('the blocks show the same, with what to do about each skipped reason', () => {
  const message = dryRunMessage(view);
  expect(message.blocks.map((block) => block.type)).toEqual([
    'header',
    'section',
    'section',
    'section',
    'section',
    'section',
    'context',
    'actions',
  ]);
  expect(words(message)).toContain(
    '• *110* error_pattern_mismatch: a different failure: look at it separately, or change error_pattern',
  );
  expect(words(message)).toContain('• *700* `Acme` (vendor 7), `Customer onboarding` (ramp 41)');
});

test('the buttons are Approve, the only primary one, and Cancel, and carry the batch id and nothing else', () => {
  const [approve, cancel, ...others] = allButtons(dryRunMessage(view));
  expect(others).toEqual([]);
  expect(approve).toMatchObject({
    action_id: 'retry_batch_approve',
    value: batch.id,
    style: 'primary',
    confirm: {
      title: { text: 'Replay 1,204 executions?' },
      text: {
        text: 'Of 1,350 matched, 1,204 will be replayed and 146 are skipped. Notifications are suppressed: no webhook, no e-mail. 14 run an OLD workflow version.',
      },
    },
  });
  expect(cancel).toMatchObject({ action_id: 'retry_batch_cancel', value: batch.id });
  expect(cancel).not.toHaveProperty('style');
});

test('with notifications on, the message and the dialog say exactly what approval sends', () => {
  const loud = withRequest({ suppress_notifications: false, force_retry: true });
  for (const text of told({ batch: loud })) {
    expect(text).toContain(
      '📣 Notifications are ON: approval sends 1,100 webhooks and 1,204 e-mails to 8 customers',
    );
    expect(text).toContain('force_retry is ON');
  }
  const [approve] = allButtons(dryRunMessage({ ...view, batch: loud }));
  const dialog = JSON.stringify(approve?.confirm);
  expect(dialog).toContain('up to 1,100 webhooks and 1,204 e-mails go to 8 customers');
  expect(dialog).toContain('force_retry is ON');
  expect(dialog).toContain('"style":"danger"');
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
  const [approve] = allButtons(dryRunMessage({ ...view, batch: large }));
  expect(JSON.stringify(approve?.confirm)).toContain('force_retry is ON.');
});

test('where a second person is needed, the message says that the requester is not the one', () => {
  for (const text of told({ secondPersonRequired: true })) {
    expect(text).toContain('A mapped ONRAMP_ADMIN, other than <@U0ANA>, may approve until');
  }
});

test('with the emergency brake on, the message says so', () => {
  for (const text of told({ brakeOn: true })) expect(text).toContain('The emergency brake is ON');
});

test('every filter is shown as it was understood, with names where known', () => {
  const filtered = withRequest({
    vendor_ids: [7, 12],
    ramp_uuids: Array.from({ length: 30 }, (_, i) => `00000000-0000-4000-8000-0000000000${10 + i}`),
    error_pattern: null,
  });
  for (const text of told({ batch: filtered, vendors: [{ id: 7, name: 'Acme' }] })) {
    expect(text).toMatch(
      /2 vendors: .Acme. \(7\), 12 · 30 workflows: .00000000-0000-4000-8000-000000000010./,
    );
    expect(text).toMatch(/and 2\d more/);
  }
  const [shown] = told({ batch: withRequest({ error_pattern: null }) });
  expect(shown).toContain('Filters: none: every vendor, every workflow, every error');
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
    expect(text).toContain('none, the executions were picked by hand');
    expect(text).toContain('1 hand-picked execution: ');
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
    expect(text).toContain('nothing to replay, all 146 are skipped');
    expect(text).toContain('There is nothing to approve: every execution that matches is skipped.');
    expect(text).not.toContain('may approve');
  }
  const nothing = withSummary({ ...empty, matched: 0, skipped: 0, skippedByReason: {} });
  for (const text of told({ batch: nothing, headline: { kind: 'previewed' } })) {
    expect(text).toContain('nothing matches');
    expect(text).toContain('no execution in ERROR matches. Check the window');
  }
});

const HOSTILE = [
  '<!channel> <!here> <@U1> <@U0ADMIN> <!subteam^S1> <!date^1^{date}|x>',
  '<https://evil.com|Approve> https://evil.com www.evil.com @here @channel #general :white_check_mark:',
  '`code` ``` ``` *Approved by* _me_ ~no~ \n> quote\n• *700* `Acme`',
  '\u202e\u2066\u200f\u200b\ufeff אבג \ud83d \udc00 \u0000\u001b[31m',
  '&'.repeat(600),
  '<'.repeat(3000),
  '"\\'.repeat(1500),
  '😀'.repeat(3000),
  'x'.repeat(3000),
  '`'.repeat(3000),
  'é̀̂'.repeat(500),
];

test.each(HOSTILE)('hostile text can not mention, link, break out or outgrow a limit: %#', (text) => {
  const hostile = withSummary(
    {
      skippedByReason: Object.fromEntries(SKIP_FILTERS.map(({ reason }, i) => [reason, 1_000_000 + i])),
      blastRadius: {
        top: Array.from({ length: 5 }, (_, i) => ({
          vendorId: 9_000_000 + i,
          vendorName: text,
          rampId: 8_000_000 + i,
          rampName: text,
          count: 1_000_000,
        })),
        pairs: 900_000,
        vendors: 800_000,
      },
      errorGroups: {
        top: Array.from({ length: 5 }, () => ({ group: text, count: 1_000_000 })),
        groups: 99_999,
      },
    },
    withRequest({
      vendor_ids: Array.from({ length: 1000 }, (_, i) => 2 ** 50 + i),
      ramp_uuids: Array.from({ length: 1000 }, () => '3f2a9c1e-0000-4000-8000-000000000001'),
      error_pattern: text.slice(0, 500),
      suppress_notifications: false,
      force_retry: true,
    }),
  );
  const everything: DryRunView = {
    batch: { ...hostile, requestedBy: { kind: 'slack', teamId: 'T1', userId: text, user: null } },
    headline: { kind: 'waiting' },
    vendors: Array.from({ length: 1000 }, (_, i) => ({ id: 2 ** 50 + i, name: text })),
    overlaps: Array.from({ length: 500 }, () => ({
      shortId: text,
      status: 'running' as const,
      rows: 1_000_000,
    })),
    brakeOn: true,
    secondPersonRequired: true,
    notes: Array.from({ length: 50 }, () => text),
    newerMatches: 1_000_000,
  };
  const by = everything.batch.requestedBy;
  const headlines: Headline[] = [
    { kind: 'waiting' },
    { kind: 'stopping', progress },
    { kind: 'stopped', tally, verification: verified },
    { kind: 'expired' },
  ];
  for (const headline of headlines) {
    const decided = { decidedBy: by, decidedAt: batch.requestedAt, pausedBy: by };
    const message = dryRunMessage({ ...everything, headline, batch: { ...everything.batch, ...decided } });
    expect(problems(message)).toEqual([]);
    expect(message.text).not.toMatch(/@here|@channel|#general|:\/\/evil|www\.evil/);
  }
  expect(actions(everything)).toEqual(['retry_batch_approve', 'retry_batch_cancel']);
});

test('a window before 1970 is shown in UTC only, because Slack has no date for it', () => {
  const old = {
    ...batch,
    window: {
      since: '0001-01-01T00:00:00.000000Z' as Instant,
      until: '1969-12-31T00:00:00.000000Z' as Instant,
    },
  };
  expect(told({ batch: old })[1]).toContain(
    'Window (your time): 0001-01-01T00:00:00Z to 1969-12-31T00:00:00Z',
  );
});

test('an error pattern that pasting would change is not offered as a command', () => {
  for (const error_pattern of ['a  b', 'שלום', 'password=hunter2', '@here', 'x'.repeat(400)]) {
    const [shown] = told({ batch: withRequest({ error_pattern }), headline: { kind: 'expired' } });
    expect(shown).toContain('To replay after all, ask for a new dry run.');
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
