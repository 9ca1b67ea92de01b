// The thread's first reply: all that the channel's message has no room for.

import type { Batch } from '../../../src/domain/plan.ts';
import { FILTER_OF, SKIP_REASONS } from '../../../src/domain/skip-filters.ts';
import { detailsMessage } from '../../../src/slack/blocks/details.ts';
import { problems, words } from './check.ts';
import { batch, withRequest, withSummary } from './sample.ts';

function told(
  of: Batch,
  notes: readonly string[] = [],
  vendors: readonly { id: number; name: string }[] = [],
) {
  const message = detailsMessage({ batch: of, notes, vendors });
  expect(problems(message)).toEqual([]);
  return [words(message).replaceAll('*', ''), message.text];
}

test('tells the dry run to the last digit: who, when, the window, the filters, side effects, and how it was read', () => {
  const [, text] = told(batch, ['since was read as UTC']);
  expect(text?.split('\n')).toEqual([
    'Dry run 3f2a9c1e, asked by <@U0ANA> at <!date^1778522401^{time} {date_short_pretty}|2026-05-11 18:00 UTC>',
    'Window (end not included): 2026-05-11T12:30:00Z to 2026-05-11T18:00:00.123456Z',
    'Filters: last error contains “new_task” (case counts)',
    '🔕 Notifications suppressed: no webhook, no e-mail.',
    '14 of 1,204 run an OLD version of their workflow. For the new one, retrigger them from the CRM instead.',
    'since was read as UTC',
    'Skipped, and what to do about it',
    `- 110 error_pattern_mismatch: ${FILTER_OF.error_pattern_mismatch.remedy}`,
    `- 24 config_error: ${FILTER_OF.config_error.remedy}`,
    `- 9 ramp_archived: ${FILTER_OF.ramp_archived.remedy}`,
    `- 3 project_already_exists: ${FILTER_OF.project_already_exists.remedy}`,
    'Blast radius, eligible of matched: 8 vendors, 9 vendor and ramp pairs',
    '1,204 projects of 8 customers are missing.',
    '- 640 of 700 “Acme” (vendor 7), “Customer onboarding” (ramp 41)',
    '- 280 of 300 “Globex &amp; Sons” (vendor 12), “Closed won” (ramp 52)',
    '- 90 of 100 “Initech” (vendor 3), “Renewal” (ramp 60)',
    '- 38 of 40 “Hooli” (vendor 4), “New logo” (ramp 61)',
    '- 30 of 30 “Umbrella” (vendor 5), “Pilot” (ramp 62)',
    '- 180 matched in 4 more vendor and ramp pairs',
    'The eligible failed with',
    "- 1,190 “UnboundLocalError: local variable '&lt;value&gt;' referenced before assignment (new_task)”",
    '- 14 “KeyError: new_task”',
  ]);
});

test('every reason is named with what to do about it, also where a dry run has all of them', () => {
  const skippedByReason = Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 3]));
  for (const text of told(withSummary({ skippedByReason })))
    for (const reason of SKIP_REASONS) expect(text).toContain(`3 ${reason}: ${FILTER_OF[reason].remedy}`);
});

test('with notifications on it says exactly what approval sends', () => {
  for (const text of told(withRequest({ suppress_notifications: false, force_retry: true }))) {
    expect(text).toContain(
      'Notifications are ON: approval sends 1,100 webhooks and 1,204 e-mails to 8 customers if every replay succeeds. To send none, ask with suppress_notifications=on.',
    );
    expect(text).toContain('force_retry: executions that failed on a config error are replayed too.');
  }
});

test('every filter is told as it was understood, with names where they are known', () => {
  const filtered = withRequest({
    vendor_ids: [7, 12],
    ramp_uuids: Array.from({ length: 30 }, (_, i) => `00000000-0000-4000-8000-0000000000${10 + i}`),
    error_pattern: null,
  });
  for (const text of told(filtered, [], [{ id: 7, name: 'Acme' }])) {
    expect(text).toMatch(
      /2 vendors: .Acme. \(7\), 12 · 30 workflows: .00000000-0000-4000-8000-000000000010./,
    );
    expect(text).toMatch(/and 2\d more/);
  }
  const [shown] = told(withRequest({ error_pattern: null }));
  expect(shown).toContain('Filters: none: every vendor, every workflow, every error');
});

test('a plan of the release before, which counted less, is told all the same', () => {
  const { customers: _, revoked: __, ...summary } = batch.summary;
  const top = summary.blastRadius.top.map(({ eligible: ___, ...one }) => one);
  const before = { ...batch, summary: { ...summary, blastRadius: { ...summary.blastRadius, top } } };
  for (const text of told(before)) expect(text).toMatch(/700 .Acme. \(vendor 7\)/);
});
