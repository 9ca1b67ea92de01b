// What somebody should know before approving: the fix, revoked tokens, what others hold, what is fixed already, the brake.
import { detailsMessage } from '../../../src/slack/blocks/details.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { DryRunView } from '../../../src/slack/blocks/dry-run-view.ts';
import { allButtons, words } from './check.ts';
import { batch, NOT_LIVE, view, withRequest, withSummary } from './sample.ts';
import { actions, told } from './told.ts';

const approveOf = (change: Partial<DryRunView> = {}) => allButtons(dryRunMessage({ ...view, ...change }))[0];
const dialogOf = (change: Partial<DryRunView>) => JSON.stringify(approveOf(change)?.confirm);

describe('the customers whose token was revoked are named before somebody approves what will fail', () => {
  const entry = (vendorId: number, name: string, provider: string, count: number) => ({
    ...{ vendorId, name, provider, count },
  });
  const [acme, globex] = [entry(1, 'Acme', 'salesforce', 3), entry(2, 'Globex', 'hubspot', 2)];
  const revoked = (all: number, tokens: number, rows: number, ...top: (typeof acme)[]) => ({
    batch: withSummary({ revoked: { top, all, tokens, rows } }),
  });

  test.each([
    [
      revoked(1, 1, 3, acme),
      /⚠️ 3 will fail: the salesforce token of [`“]Acme[`”] \(vendor 1\) was revoked\.\n/,
    ],
    [
      revoked(2, 2, 5, acme, globex),
      /⚠️ 5 will fail: the salesforce token of [`“]Acme[`”] \(vendor 1\) and the hubspot token of [`“]Globex[`”] \(vendor 2\) were revoked\.\n/,
    ],
    [
      revoked(
        4,
        5,
        1200,
        acme,
        globex,
        entry(3, 'Initech', 'salesforce', 1),
        entry(3, 'Initech', 'hubspot', 1),
      ),
      /⚠️ 1,200 will fail: .* of [`“]Acme[`”] \(vendor 1\), the .* of [`“]Globex[`”] \(vendor 2\) and 3 more were revoked\.\n/,
    ],
    // What comes from the database is quoted where it is no plain word.
    [
      revoked(1, 1, 1, entry(1, 'Acme', '<!here> :tada:', 1)),
      /⚠️ 1 will fail: the [`“]&lt;!here&gt; .*[`”] token of [`“]Acme[`”] \(vendor 1\) was revoked\.\n/,
    ],
  ])('%#', (change, said) => {
    for (const text of told(change)) expect(text).toMatch(said);
  });

  test('the first reply names four of them', () => {
    const four = [1, 2, 3, 4].map((n) => entry(n, `Vendor ${n}`, 'salesforce', n));
    const { text } = detailsMessage({ ...revoked(9, 9, 30, ...four), notes: [], vendors: [] });
    for (const { name } of four) expect(text).toContain(`the salesforce token of “${name}”`);
    expect(text).toContain('and 5 more were revoked.');
  });

  test('a plan of an earlier release knew neither what the tokens are of nor how many', () => {
    const top = [20, 5, 3, 2].map((count, n) => ({ vendorId: n, name: `Vendor ${n}`, count }));
    for (const text of told({ batch: withSummary({ revoked: { top, all: 6 } }) }))
      expect(text).toMatch(
        /⚠️ at least 30 will fail: the token of [`“]Vendor 0[`”] .* and 4 more were revoked/,
      );
  });
});

test.each([
  [1, 19, '19 will fail: token revoked'],
  [1, 1, '1 will fail: token revoked'],
  [3, 1200, '1,200 will fail: tokens revoked'],
])('where there is no room for names, %s token(s) of %s executions are: %s', (tokens, rows, said) => {
  const wordy = 'a b c '.repeat(100);
  const top = [{ vendorId: 1, name: wordy, provider: 'salesforce', count: rows }];
  const customers = {
    top: Array.from({ length: 4 }, (_, n) => ({ vendorId: n, name: wordy, count: 9 })),
    all: 99,
  };
  const summary = { revoked: { top, all: 1, tokens, rows }, customers, drifted: 1 };
  const notes = Array.from({ length: 10 }, () => `⚠️ ${wordy}`);
  const newerMatches = { rows: 7, known: 'exactly' } as const;
  const overlaps = [{ batchId: batch.id, status: 'running' as const, rows: 2 }];
  const asked = withSummary(summary, withRequest({ error_pattern: wordy, reason: wordy, force_retry: true }));
  for (const text of told({ batch: asked, notes, newerMatches, overlaps, brakeOn: true })) {
    expect(text).toContain(`⚠️ ${said}\n`);
    expect(text).toContain('⚠️ 1 on an OLD version\n');
  }
});

test.each([
  [{ rows: 5, known: 'exactly' }, '5 more failed since'],
  [{ rows: 3, known: 'at least' }, 'At least 3 failed since'],
  [{ rows: 1000, known: 'more than' }, 'More than 1,000 failed since'],
] as const)('what failed since is told for as much as is known of it: %j', (newerMatches, said) => {
  for (const text of told({ newerMatches })) expect(text).toContain(`⚠️ ${said} this dry run`);
});

test('other batches are links to their messages, and not where they are read aloud', () => {
  const other = 'aabbccdd-5b7d-4e8f-9a0b-1c2d3e4f5a6b';
  const links = new Map([[other, 'https://onramp.slack.com/archives/C0123/p1']]);
  const link = '<https://onramp.slack.com/archives/C0123/p1|aabbccdd>';
  const overlaps = [{ batchId: other, status: 'running' as const, rows: 2 }];
  const asked = withRequest({ rest_of: other });
  const replaced = { ...batch, replacedBy: other };
  for (const [change, said] of [
    [{ overlaps }, (name: string) => `2 in ${name} (running)`],
    [{ batch: asked }, (name: string) => `What batch ${name} left`],
    [
      { batch: replaced, headline: { kind: 'cancelled' } },
      (name: string) => `Decide on batch ${name}, which was asked for in its place`,
    ],
  ] as const) {
    const [shown, aloud] = told({ ...change, links });
    expect(shown).toContain(said(link));
    expect(aloud).toContain(said('“aabbccdd”'));
  }
  const details = detailsMessage({ batch: asked, notes: [], vendors: [], links });
  expect(words(details)).toContain(`what batch ${link} left`);
  expect(details.text).toContain('what batch “aabbccdd” left');
});

test('rows that another batch holds for a retry are in common with it, too', () => {
  const overlaps = [
    { batchId: 'aabbccdd-5b7d-4e8f-9a0b-1c2d3e4f5a6b', status: 'finished' as const, rows: 3 },
    { batchId: 'bbccddee-5b7d-4e8f-9a0b-1c2d3e4f5a6b', status: 'running' as const, rows: 2 },
    { batchId: 'ccddeeff-5b7d-4e8f-9a0b-1c2d3e4f5a6b', status: 'running' as const, rows: 2 },
  ];
  for (const text of told({ overlaps }))
    expect(text).toMatch(
      /Rows in common with other batches: 3 in .aabbccdd. \(held\), 2 in .bbccddee. \(running\) and 1 more batch\n/,
    );
});

describe('whoever is about to approve reads in the dialog what will fail', () => {
  const tokens = (rows: number) => ({
    top: [{ vendorId: 1, name: 'Acme', count: rows }],
    all: 2,
    tokens: 2,
    rows,
  });

  test('beside the other counts', () => {
    expect(dialogOf({ batch: withSummary({ revoked: tokens(22) }) })).toContain(
      'Of 1,350 matched, 1,204 will be replayed; 146 are skipped. 22 will fail: tokens revoked. Notifications are suppressed',
    );
  });

  test('also where everything else speaks against it, and nothing of it is cut', () => {
    const loud = withRequest({ suppress_notifications: false, force_retry: true }, { ...batch, fixed: 4 });
    const worst = { ...withSummary({ revoked: tokens(1120) }, loud), live: NOT_LIVE };
    expect(dialogOf({ batch: worst, brakeOn: true })).toContain(
      '"⚠️ The fix does not look live. Of 1,350 matched, 1,200 will be replayed; 146 are skipped and 4 fixed meanwhile. 1,120 will fail: tokens revoked. The emergency brake is ON. NOTIFICATIONS ARE ON: up to 1,100 webhooks and 1,204 e-mails to 8 customers. force_retry is ON. 14 run an OLD workflow version."',
    );
  });
});

describe('what was fixed while it waited', () => {
  const fixed = (rows: number) => ({ batch: { ...batch, fixed: rows } });

  test('stands on the button, and the plan stays as it is', () => {
    for (const text of told(fixed(2))) {
      expect(text).toContain('Replay 1,202 failed executions?');
      expect(text).toContain('Matched 1,350 = Eligible 1,204 + Skipped 146');
    }
    expect(approveOf(fixed(2))).toMatchObject({ text: { text: 'Approve 1,202 (2 fixed meanwhile)' } });
    expect(dialogOf(fixed(2))).toContain('1,202 will be replayed; 146 are skipped and 2 fixed meanwhile.');
  });

  test('takes Approve away where it is all of it', () => {
    for (const text of told(fixed(1204)))
      expect(text).toContain('Nothing to replay: all 1,204 are fixed already');
    expect(actions(fixed(1204))).toEqual(['retry_batch_change', 'retry_batch_cancel']);
  });
});

test('with the emergency brake on, the message says so', () => {
  for (const text of told({ brakeOn: true })) expect(text).toContain('The emergency brake is ON');
});
