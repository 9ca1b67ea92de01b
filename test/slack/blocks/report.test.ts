import type { Message } from '../../../src/slack/blocks/message.ts';
import { type ReportView, reportMessage, reportWithoutRetry } from '../../../src/slack/blocks/report.ts';
import { allButtons, problems, words } from './check.ts';
import { ANA, approved, progress, withRequest } from './sample.ts';

const tally = { matched: 1350, succeeded: 1190, failed: 10, skipped: 148, notReached: 2 };

const view: ReportView = {
  batch: { ...approved, status: 'finished', endedAt: new Date('2026-05-11T18:15:02Z') },
  progress,
  verification: { own: tally, recounted: tally, disagreements: [] },
  approverLostRole: false,
  notifications: { kind: 'suppressed' },
};

function told(change: Partial<ReportView>): string[] {
  const message = reportMessage({ ...view, ...change });
  expect(problems(message)).toEqual([]);
  return [words(message).replaceAll('*', ''), message.text];
}

test('the report opens with the closing equation and says what it was checked against', () => {
  const END =
    '<!date^1778523302^{date_short_pretty} {time_secs}|2026-05-11 18:15:02 UTC> (2026-05-11 18:15:02 UTC)';
  const APPROVED =
    '<!date^1778522700^{date_short_pretty} {time_secs}|2026-05-11 18:05:00 UTC> (2026-05-11 18:05:00 UTC)';
  expect(reportMessage(view).text.split('\n')).toEqual([
    '1350 matched = 1190 succeeded + 10 failed + 148 skipped + 2 not reached',
    '⚠️ Finished: 1,190 succeeded, 10 failed, 2 skipped at their turn, 2 not reached',
    'Checked against or_projects and or_workflow_history: every count agrees.',
    'What to do now',
    'The failed ones are still in ERROR, with the new error in their log. Fix the cause of the largest group first.',
    '2 executions were not reached and nothing of them changed.',
    'Then ask for a dry run of just the 12 left, whatever their error is now: with the button, or `/retry-batch rest_of=3f2a9c1e`',
    'Failed, by error:',
    '- 10 “IntegrationAuthError: token revoked”',
    'Skipped at their turn, and what to do about it:',
    '- 2 locked: ask for a new dry run when the other work is done',
    '🔕 Notifications suppressed: no webhook, no e-mail was sent.',
    `Approved by <@U0BEN> at ${APPROVED}`,
    `Took 10 min, ended ${END}`,
    'Batch “3f2a9c1e” · Complete results in the thread',
  ]);
  expect(told({})[0]?.split('\n')[0]).toBe(
    '1350 matched = 1190 succeeded + 10 failed + 148 skipped + 2 not reached',
  );
});

test('where the database does not confirm the counts, the first line says so and both counts are shown', () => {
  const verification = {
    own: tally,
    recounted: { ...tally, succeeded: 1188 },
    disagreements: ['2 executions count as succeeded but have no row in or_projects'],
  };
  for (const text of told({ verification })) {
    expect(text.split('\n')[0]).toContain('The numbers disagree');
    expect(text).toContain('Counted by the run: 1350 matched = 1190 succeeded');
    expect(text).toContain('1350 matched ≠ 1188 succeeded');
    expect(text).toContain('2 executions count as succeeded but have no row in or_projects');
    expect(text).toContain('First find out why the numbers disagree');
    expect(text).not.toContain('every count agrees');
  }
});

test('an equation that does not hold is a disagreement even where nobody named one', () => {
  const lost = { ...tally, skipped: 0 };
  for (const text of told({ verification: { own: lost, recounted: lost, disagreements: [] } })) {
    expect(text.split('\n')[0]).toContain('The numbers disagree');
  }
});

test('a run in which everything succeeded says that nothing is left and what to check', () => {
  const all = { matched: 1350, succeeded: 1204, failed: 0, skipped: 146, notReached: 0 };
  const clean = { ...progress, failed: 0, failures: [], skippedAtTurn: {} };
  for (const text of told({
    progress: clean,
    verification: { own: all, recounted: all, disagreements: [] },
  })) {
    expect(text).toContain('✅ Finished: 1,204 succeeded');
    expect(text).toContain('Nothing is left to replay. Check in Sentry');
    expect(text).not.toContain('Failed, by error');
  }
});

test('a stopped run says who stopped it, and what it sent, queued and parked', () => {
  const webhooks = { sent: 300, queued: 12, parked: 3 };
  const emails = { sent: 310, queued: 0, parked: 0 };
  for (const text of told({
    batch: { ...view.batch, status: 'stopped', pausedBy: ANA },
    notifications: { kind: 'on', webhooks, emails },
  })) {
    expect(text).toContain('⏹️ Stopped: 1,190 succeeded');
    expect(text).toContain('Stopped by <@U0ANA>');
    expect(text).toContain(
      'Webhooks: 300 sent, 12 queued, 3 parked after failing (an operator has to look). E-mails: 310 sent, 0 queued.',
    );
  }
});

test('what the run left is one click away, and that is what failed, was not reached, was held or was locked', () => {
  const left = {
    ...progress,
    failed: 5,
    notReached: 19,
    held: 0,
    skippedAtTurn: { project_already_exists: 3 },
  };
  const { batch } = view;
  expect(allButtons(reportMessage({ ...view, progress: left }))).toMatchObject([
    { action_id: 'retry_batch_rest', value: batch.id, text: { text: 'Dry run of the 24 left' } },
  ]);
  const more = { ...left, held: 1000, skippedAtTurn: { locked: 2 } };
  const [rest] = allButtons(reportMessage({ ...view, progress: more }));
  expect(rest).toMatchObject({ text: { text: 'Dry run of the 1,026 left' } });
  const none = { ...left, failed: 0, notReached: 0 };
  expect(allButtons(reportMessage({ ...view, progress: none }))).toEqual([]);
});

test('what the run held back can be replayed from the report', () => {
  const held = { ...view, progress: { ...view.progress, held: 2 } };
  const [rest, button, ...others] = allButtons(reportMessage(held));
  expect(others).toEqual([]);
  expect(rest).toMatchObject({ action_id: 'retry_batch_rest' });
  expect(button).toMatchObject({
    action_id: 'retry_batch_retry_held',
    value: approved.id,
    text: { text: 'Retry held (2)' },
  });
  const ids = (message: Message | null) => message && allButtons(message).map((one) => one.action_id);
  expect(ids(reportMessage(view))).toEqual(['retry_batch_rest']);
  // Behind its day, and where another batch replays what is left, a dry run of it is still one click away.
  expect(ids(reportWithoutRetry(reportMessage(held)))).toEqual(['retry_batch_rest']);
  expect(reportWithoutRetry(reportMessage(view))).toBeNull();
  const taken = { ...held, batch: { ...held.batch, restTakenBy: '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31' } };
  expect(ids(reportMessage(taken))).toEqual(['retry_batch_rest']);
  // Some clients show the channel's copy of a broadcast without its buttons.
  for (const text of told({ progress: { ...view.progress, held: 2 } }))
    expect(text).toContain(
      "The button is below this report in its thread; the channel's copy may not show it.",
    );
});

test('a reason to skip that only a newer release knows is told by its name', () => {
  for (const text of told({ progress: { ...progress, skippedAtTurn: { locked: 2, '<!here>': 3 } } })) {
    expect(text).toMatch(/3\*? [“`]&lt;!here&gt;[”`]/);
    expect(text).toMatch(/2\*? locked: ask for a new dry run/);
  }
});

test('thousands of ways to fail with endless messages stay within the limits', () => {
  const failures = Array.from({ length: 2000 }, (_, i) => ({
    group: `${'&<"\\`'.repeat(600)}${i}`,
    count: 2000 - i,
  }));
  const verification = {
    ...view.verification,
    disagreements: Array.from({ length: 500 }, () => '<!channel> "\\'.repeat(200)),
  };
  const texts = told({
    batch: withRequest({ error_pattern: '"'.repeat(500) }, view.batch),
    progress: { ...progress, failed: 3_000_000, failures },
    verification,
  });
  for (const text of texts) expect(text).toMatch(/2,9\d\d,\d\d\d with other errors|…$/);
});
