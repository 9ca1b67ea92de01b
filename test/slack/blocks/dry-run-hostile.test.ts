// The dry-run message with text that is meant to do harm: it mentions nobody, links nowhere and outgrows nothing.
import { SKIP_FILTERS } from '../../../src/domain/skip-filters.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { DryRunView, Headline } from '../../../src/slack/blocks/dry-run-view.ts';
import { wordsOf } from '../../../src/slack/blocks/word-count.ts';
import { problems } from './check.ts';
import { batch, NOT_LIVE, progress, withRequest, withSummary } from './sample.ts';
import { actions } from './told.ts';

const tally = { matched: 1350, succeeded: 1190, failed: 10, skipped: 148, notReached: 2 };
const verified = { own: tally, recounted: tally, disagreements: [] };

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
  'a b '.repeat(700),
];

test.each(HOSTILE)('hostile text can not mention, link, break out or outgrow a limit: %#', (text) => {
  const customers = {
    top: Array.from({ length: 4 }, (_, i) => ({ vendorId: 9_000_000 + i, name: text, count: 1_000_000 })),
    all: 800_000,
  };
  const hostile = withSummary(
    {
      skippedByReason: Object.fromEntries(SKIP_FILTERS.map(({ reason }, i) => [reason, 1_000_000 + i])),
      customers,
      revoked: customers,
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
    batch: {
      ...hostile,
      live: NOT_LIVE,
      requestedBy: { kind: 'slack', teamId: 'T1', userId: text, user: null },
    },
    headline: { kind: 'waiting' },
    overlaps: Array.from({ length: 500 }, () => ({
      batchId: text,
      status: 'running' as const,
      rows: 1_000_000,
    })),
    brakeOn: true,
    secondPersonRequired: true,
    notes: Array.from({ length: 50 }, () => `⚠️ ${text}`),
    newerMatches: { rows: 1_000_000, known: 'more than' },
    approvers: { names: Array.from({ length: 5 }, () => text), all: 100 },
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
    expect(wordsOf(message)).toBeLessThanOrEqual(120);
  }
  expect(actions(everything)).toEqual([
    'retry_batch_approve_anyway',
    'retry_batch_ask',
    'retry_batch_change',
    'retry_batch_cancel',
  ]);
});
