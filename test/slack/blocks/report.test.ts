// The report: what was replayed and what is missing, the verdict on the fix, what is left to whom, in few words.
import type { Message } from '../../../src/slack/blocks/message.ts';
import { overtakenReport, reportMessage, reportWithoutRetry } from '../../../src/slack/blocks/report.ts';
import type { ReportView } from '../../../src/slack/blocks/report-view.ts';
import { wordCount } from '../../support/words.ts';
import { allButtons, problems, words } from './check.ts';
import { ANA, approved, ended, progress, withRequest, withSummary } from './sample.ts';

const tally = ended.verification.own;

function told(change: Partial<ReportView>): string[] {
  const message = reportMessage({ ...ended, ...change });
  expect(problems(message)).toEqual([]);
  return [words(message).replaceAll('*', ''), message.text];
}

const counted = (change: Partial<typeof tally>): Pick<ReportView, 'verification'> => {
  const own = { ...tally, ...change };
  return { verification: { own, recounted: own, disagreements: [] } };
};

/** A run in which nothing is left. */
const clean: Partial<ReportView> = {
  ...counted({ succeeded: 1204, failed: 0, skipped: 146, notReached: 0 }),
  progress: { ...progress, succeeded: 1204, failed: 0, failures: [], skippedAtTurn: {} },
  left: { largest: [], others: 0 },
  missing: { ...ended.missing, created: 1204, others: 0, missing: 0, missingCustomers: 0 },
};

test('the report opens with what was replayed and what is missing, and everything else has few words', () => {
  const message = reportMessage(ended);
  expect(message.text.split('\n')).toEqual([
    '⚠️ 1,190 of 1,204 replayed; 12 projects still missing',
    'The fix looks live: the original error came back 0 times in 1,200 replays. No new failures since the run began. The counts match the database.',
    '1,190 of 1,204 missing projects of 6 customers were created, 2 more by others; 12 projects of 2 customers are still missing.',
    '- 10 “Foxglove Retail”: “IntegrationAuthError: token revoked” → have it reconnected',
    '- 2 “Acme”: locked by other work → later',
    'Never tried: 110 with other errors, 36 need somebody (project_already_exists, config_error, ramp_archived); 34 of these have no project.',
    '🔕 Customers heard nothing.',
    '1,350 = 1,190 succeeded + 10 failed + 148 skipped + 2 not reached',
    'Approved by <@U0BEN> · ran 2 min · batch “3f2a9c1e”',
    'Buttons and results are in the thread.',
  ]);
  expect(wordCount(message)).toBeLessThanOrEqual(130);
});

test.each<[string, Partial<ReportView>, RegExp]>([
  [
    'the original error came back',
    { originals: 3 },
    /The fix does not look live: .* came back 3 times in 1,200/,
  ],
  ['it never came back', {}, /The fix looks live: .* came back 0 times in 1,200 replays\./],
  [
    'other executions failed like this meanwhile',
    { newFailures: { count: 3, more: false } },
    /The fix does not look live: .* 0 times in 1,200 replays\. 3 new failures since the run began\./,
  ],
  [
    'so many did that not all were looked at',
    { newFailures: { count: 1000, more: true } },
    /does not look live: .* 1,000\+ new failures since the run began\./,
  ],
  [
    'so much else did that not all was looked at, and silence is no claim',
    { newFailures: { count: 0, more: true } },
    /in 1,200 replays\. So much else failed since that not all was looked at\. The counts/,
  ],
  [
    'everything failed otherwise',
    counted({ matched: 155, succeeded: 0, failed: 5 }),
    /All 5 replays failed with other errors, which says nothing about the fix\./,
  ],
  [
    'nothing was replayed',
    counted({ matched: 150, succeeded: 0, failed: 0 }),
    /Nothing was replayed: nothing is known/,
  ],
])('where %s, the verdict on the fix says so', (_, change, verdict) => {
  for (const text of told(change)) expect(text).toMatch(verdict);
});

test('where the database does not confirm the counts, the first line says so and both counts are shown', () => {
  const verification = {
    own: tally,
    recounted: { ...tally, succeeded: 1188 },
    disagreements: ['2 executions count as succeeded but have no row in or_projects'],
  };
  for (const text of told({ verification })) {
    expect(text.split('\n')[0]).toContain('The numbers disagree');
    expect(text).toContain('The run counted 1,350 = 1,190 succeeded');
    expect(text).toContain('1,350 ≠ 1,188 succeeded');
    expect(text).toContain('2 executions count as succeeded but have no row in or_projects');
    expect(text).toContain('First find out why');
    expect(text).not.toContain('counts match');
    expect(text).not.toContain('looks live');
  }
});

test('an equation that does not hold is a disagreement even where nobody named one', () => {
  for (const text of told(counted({ skipped: 0 })))
    expect(text.split('\n')[0]).toContain('The numbers disagree');
});

test('a run in which everything succeeded says so, and what to check', () => {
  for (const text of told(clean)) {
    expect(text.split('\n')[0]).toBe('✅ All 1,204 replayed');
    expect(text).toContain('Check in Sentry');
    expect(text).toContain('Results are in the thread.');
  }
});

test('with rows that need a human nothing says that nothing is left', () => {
  const skippedAtTurn = { ramp_archived: 10 };
  const change = {
    ...clean,
    ...counted({ succeeded: 1194, failed: 0, skipped: 156, notReached: 0 }),
    progress: { ...progress, succeeded: 1194, failed: 0, failures: [], skippedAtTurn },
  };
  for (const text of told(change)) {
    expect(text.split('\n')[0]).toBe('⚠️ 1,194 of 1,204 replayed; 10 need somebody');
    expect(text).toContain('46 need somebody');
    expect(text).not.toMatch(/[Nn]othing is left/);
  }
  const settled = { ...change.progress, skippedAtTurn: { duplicate_trigger_succeeded: 10 } };
  for (const text of told({ ...change, progress: settled }))
    expect(text.split('\n')[0]).toBe('✅ 1,194 of 1,204 replayed; 10 settled without a replay');
});

test('a stopped run says who stopped it, and what it sent, queued and parked', () => {
  const webhooks = { sent: 300, queued: 12, parked: 3 };
  const emails = { sent: 310, queued: 0, parked: 0 };
  for (const text of told({
    batch: { ...ended.batch, status: 'stopped', pausedBy: ANA },
    notifications: { kind: 'on', webhooks, emails },
  })) {
    expect(text).toContain('stopped by <@U0ANA>');
    expect(text).toContain('📣 Webhooks: 300 sent, 12 queued, 3 parked. E-mails: 310 sent.');
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
  expect(allButtons(reportMessage({ ...ended, progress: left }))).toMatchObject([
    { action_id: 'retry_batch_rest', value: ended.batch.id, text: { text: 'Dry run of the 24 left' } },
  ]);
  const more = { ...left, held: 1000, skippedAtTurn: { locked: 2 } };
  const [rest] = allButtons(reportMessage({ ...ended, progress: more }));
  expect(rest).toMatchObject({ text: { text: 'Dry run of the 1,026 left' } });
  expect(allButtons(reportMessage({ ...ended, ...clean }))).toEqual([]);
});

test('what the run held back can be replayed from the report, and under the brake the dialog says that it waits', () => {
  const held = { ...ended, progress: { ...progress, held: 2 } };
  const [rest, button, ...others] = allButtons(reportMessage(held));
  expect(others).toEqual([]);
  expect(rest).toMatchObject({ action_id: 'retry_batch_rest' });
  expect(button).toMatchObject({
    action_id: 'retry_batch_retry_held',
    value: approved.id,
    text: { text: 'Retry held (2)' },
  });
  expect(JSON.stringify(button?.confirm)).not.toContain('brake');
  const [, braked] = allButtons(reportMessage({ ...held, brakeOn: true }));
  expect(JSON.stringify(braked?.confirm)).toContain('The emergency brake is ON');
  const ids = (message: Message | null) => message && allButtons(message).map((one) => one.action_id);
  expect(ids(reportMessage(ended))).toEqual(['retry_batch_rest']);
  // Behind its day, and where another batch replays what is left, a dry run of it is still one click away.
  expect(ids(reportWithoutRetry(reportMessage(held)))).toEqual(['retry_batch_rest']);
  expect(reportWithoutRetry(reportMessage(ended))).toBeNull();
  expect(ids(reportMessage({ ...held, retryOver: true }))).toEqual(['retry_batch_rest']);
});

test.each([
  ['all agrees', ended.verification],
  ['nothing agrees', { ...ended.verification, disagreements: Array(50).fill('a b c '.repeat(100)) }],
])(
  'however wordy names, errors and reasons are, a report is 130 words at most where %s',
  (_, verification) => {
    const wordy = 'a b c '.repeat(100);
    const many = { sent: 1_000_000, queued: 1_000_000, parked: 1_000_000 };
    const one = {
      customer: wordy,
      rows: 1_000_000,
      held: 1,
      kind: 'error',
      error: wordy,
      original: true,
    } as const;
    const message = reportMessage({
      ...ended,
      batch: {
        ...withSummary(
          { skippedByReason: { config_error: 1, error_pattern_mismatch: 1, duplicate_trigger_succeeded: 9 } },
          withRequest({ reason: wordy }, ended.batch),
        ),
        status: 'stopped',
        decidedBy: { kind: 'api_key', name: wordy, from: '' },
        pausedBy: { kind: 'api_key', name: wordy, from: '' },
        replayHost: 'app.example.com',
      },
      verification,
      progress: {
        ...progress,
        held: 1000,
        skippedAtTurn: { ...progress.skippedAtTurn, other: 3, locked: 4 },
      },
      left: { largest: Array(6).fill(one), others: 1_000_000 },
      originals: 1_000_000,
      newFailures: { count: 1000, more: true },
      approverLostRole: true,
      notifications: { kind: 'on', webhooks: many, emails: many },
    });
    expect(problems(message)).toEqual([]);
    expect(wordCount(message)).toBeLessThanOrEqual(130);
  },
);

test('a reason to skip that only a newer release knows is counted', () => {
  for (const text of told({ progress: { ...progress, skippedAtTurn: { locked: 2, '<!here>': 3 } } }))
    expect(text).toContain('3 for reasons of their own');
});

test.each([
  ['somebody stopped the run', 'stopped', ANA, null, 'not reached, stopped → new dry run'],
  [
    'it stopped itself, because nobody answered its pause',
    'stopped',
    { kind: 'system', name: 'sweep' },
    null,
    'not reached, nobody answered → new dry run',
  ],
  [
    'their turn failed',
    'finished',
    null,
    'deadlock detected',
    'not reached, “deadlock detected” → new dry run',
  ],
] as const)(
  'rows that were not reached are told with why, and what to do: %s',
  (_, status, pausedBy, why, said) => {
    const left = {
      largest: [{ customer: 'Acme', rows: 19, held: 0, kind: 'not_reached', why } as const],
      others: 0,
    };
    const message = reportMessage({ ...ended, left, batch: { ...ended.batch, status, pausedBy } });
    expect(problems(message)).toEqual([]);
    expect(message.text).toContain(`- 19 “Acme”: ${said}\n`);
    expect(allButtons(message)).toContainEqual(expect.objectContaining({ action_id: 'retry_batch_rest' }));
    expect(wordCount(message)).toBeLessThanOrEqual(130);
  },
);

test('a report that a retry has overtaken is one line with the old equation and a way to the new one', () => {
  const message = overtakenReport(
    ended.batch,
    tally,
    'https://incidents.test/archives/C1/p1?thread_ts=1&cid=C1',
  );
  expect(message.text).toBe(
    '🔁 Retried since: the new report of batch “3f2a9c1e” counts. Before: 1,350 = 1,190 succeeded + 10 failed + 148 skipped + 2 not reached',
  );
  expect(words(message)).toContain(
    '<https://incidents.test/archives/C1/p1?thread_ts=1&amp;cid=C1|the new report>',
  );
  expect(words(overtakenReport(ended.batch, tally, null))).not.toContain('<');
});
