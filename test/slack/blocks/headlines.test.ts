import type { Headline } from '../../../src/slack/blocks/dry-run-view.ts';
import { ANA, approved, batch, progress } from './sample.ts';

import { actions, told } from './told.ts';

const tally = { matched: 1350, succeeded: 1190, failed: 10, skipped: 148, notReached: 2 };
const verified = { own: tally, recounted: tally, disagreements: [] };

test.each<[Headline, string, string]>([
  [
    { kind: 'approved', progress: { ...progress, succeeded: 0, failed: 0, skippedAtTurn: {} } },
    '🕒 Approved: 1,204 replays queued',
    'Approved by <@U0BEN> at <!date^1778522700^{time} {date_short_pretty}|2026-05-11 18:05 UTC>.',
  ],
  [
    { kind: 'running', progress },
    '▶️ Running: 312 of 1,204 tried',
    'Approved by <@U0BEN> at <!date^1778522700^{time} {date_short_pretty}|2026-05-11 18:05 UTC>.',
  ],
  [{ kind: 'paused', progress }, '⏸️ Paused: 312 of 1,204 tried', 'Paused by <@U0ANA>'],
  [{ kind: 'stopping', progress }, '⏹️ Stopping: 312 of 1,204 tried', 'Stop asked by <@U0ANA>'],
  [
    { kind: 'finished', tally, verification: verified },
    '⚠️ Finished: 1,190 succeeded, 10 failed, 2 skipped at their turn, 2 not reached',
    'The report is in the thread · ',
  ],
  [{ kind: 'stopped', tally, verification: null }, '⏹️ Stopped: 1,190 succeeded', 'Stopped by <@U0ANA>.'],
  [
    { kind: 'finished', tally, verification: { ...verified, disagreements: ['2 projects are missing'] } },
    '⚠️ Finished, but the numbers disagree',
    'The report is in the thread · ',
  ],
  [
    { kind: 'cancelled' },
    '🚫 Cancelled: nothing was replayed',
    'Cancelled by <@U0BEN> at <!date^1778522700^{time} {date_short_pretty}|2026-05-11 18:05 UTC>.',
  ],
  [
    { kind: 'expired' },
    '⌛ Expired: nobody approved in time',
    'ask again: `/retry-batch since=2026-05-11T12:30:00Z error_pattern=new_task`',
  ],
])(
  'after a decision the buttons are gone and the message says who and what: %j',
  (headline, header, sentence) => {
    const change = { batch: { ...approved, pausedBy: ANA }, headline };
    for (const text of told(change)) {
      expect(text.split('\n')[0]).toContain(header);
      expect(text).toContain(sentence);
    }
    // What became of it, by whom, where to look.
    for (const text of told(change)) expect(text.split('\n')).toHaveLength(3);
    expect(actions(change)).toEqual([]);
  },
);

test('while the brake holds a run, its headline says so', () => {
  for (const text of told({ batch: approved, headline: { kind: 'running', progress }, brakeOn: true }))
    expect(text).toMatch(/Progress, Pause and Stop are in the thread · .* 🛑 The emergency brake is ON$/);
});

test('a run in which everything succeeded says so', () => {
  const all = { matched: 1350, succeeded: 1204, failed: 0, skipped: 146, notReached: 0 };
  const [shown] = told({ batch: approved, headline: { kind: 'finished', tally: all, verification: null } });
  expect(shown).toContain('✅ Finished: 1,204 succeeded\n');
});

test('a batch that nobody will run any more does not speak of its side effects', () => {
  for (const kind of ['cancelled', 'expired'] as const) {
    for (const text of told({ headline: { kind }, brakeOn: true })) {
      expect(text).not.toMatch(/Notifications|OLD version|brake/);
    }
  }
});

test('a plan whose time has come is shown as expired even before anybody wrote that down', () => {
  const late = { batch: { ...batch, overdue: true } };
  expect(actions(late)).toEqual([]);
  for (const text of told(late)) expect(text).toContain('⌛ Expired: nobody approved in time');
});
