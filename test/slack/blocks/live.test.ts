// Whether the fix looks live, in the dry-run message: numbers before everything else where it does not, one line otherwise.
import type { Instant } from '../../../src/domain/instant.ts';
import type { Failures } from '../../../src/domain/live.ts';
import { type LiveTold, toldOf } from '../../../src/domain/live-told.ts';
import type { SentryAnswer } from '../../../src/domain/sentry.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import { approvedAlthough } from '../../../src/slack/blocks/live.ts';
import { refusalText } from '../../../src/slack/blocks/refusals.ts';
import { drawn } from '../../support/words.ts';
import { allButtons } from './check.ts';
import { batch, LIVE, NOT_LIVE, view } from './sample.ts';
import { actions, told } from './told.ts';

const withLive = (live: Failures | null) => ({ batch: { ...batch, live } });
const approveOf = (live: Failures) => allButtons(dryRunMessage({ ...view, ...withLive(live) }))[0];
const at = (text: string) => text as Instant;

describe('a fix that looks live', () => {
  test('is one line, with what succeeded since', () => {
    for (const text of told(withLive(LIVE)))
      expect(text).toContain(
        '\nLast failed like this at 14:12 UTC; 38 runs of these workflows succeeded since.\n',
      );
    expect(approveOf(LIVE)).toMatchObject({ action_id: 'retry_batch_approve', style: 'primary' });
  });

  test.each([
    [{ succeeded: 1 }, 'at 14:12 UTC; 1 run of these workflows succeeded since.'],
    [{ succeeded: 38, moreSucceeded: true }, '; 38+ runs of these workflows succeeded since.'],
    [{ newest: at('2026-05-10T14:12:59.999999Z') }, 'Last failed like this at 2026-05-10 14:12 UTC; 38 runs'],
    [{ lastDayOnly: true }, 'succeeded since. Of re-runs only executions created in the last day count.'],
  ])('says so in plain words: %o', (change, said) => {
    for (const text of told(withLive({ ...LIVE, ...change }))) expect(text).toContain(said);
  });
});

describe('a fix that is not proven', () => {
  test.each([
    [{}, 'Nothing of these workflows ran since 14:12 UTC: the fix is not proven.'],
    [{ newest: null }, 'Nothing is in ERROR like this any more: the fix is not proven.'],
    [
      { moreSucceeded: true },
      'Of what succeeded lately nothing is of these workflows: the fix is not proven.',
    ],
    [
      { succeeded: 3, lookedSince: at('2026-05-11T17:59:00.000000Z') },
      'So much else failed that not all was looked at: the fix is not proven.',
    ],
  ])('says why, and can be approved: %o', (change, said) => {
    const live = { ...LIVE, succeeded: 0, ...change };
    for (const text of told(withLive(live))) expect(text).toContain(said);
    expect(approveOf(live)).toMatchObject({ action_id: 'retry_batch_approve', style: 'primary' });
  });
});

describe('a fix that does not look live', () => {
  const said =
    '7 executions failed like this in the last 30 min, the newest 2 min ago: the fix does not look live.';

  test('says so in the first three lines, and its button is another one', () => {
    for (const text of told(withLive(NOT_LIVE)))
      expect(text.split('\n').slice(0, 3).join('\n')).toContain(`⚠️ ${said}`);
    const button = approveOf(NOT_LIVE);
    expect(button).toMatchObject({
      action_id: 'retry_batch_approve_anyway',
      text: { text: 'Approve anyway' },
      style: 'danger',
      confirm: { style: 'danger' },
    });
    expect(JSON.stringify(button?.confirm)).toContain(said);
    expect(JSON.stringify(button?.confirm)).toContain('1,204 will be replayed');
    expect(actions(withLive(NOT_LIVE))).not.toContain('retry_batch_approve');
  });

  test.each([
    [{ lately: 1, fresh: 1 }, '1 execution failed like this in the last 30 min, the newest 2 min ago'],
    [{ minutes: 60 }, '7 executions failed like this in the last 60 min'],
    [{ lookedSince: at('2026-05-11T17:59:00.000000Z') }, '7+ executions failed like this'],
    [
      { minutes: 1, lately: 0, fresh: 2 },
      '2 executions failed like this in the last 10 min, the newest 2 min',
    ],
    [
      {
        ...{ lately: 0, fresh: 2, newest: at('2026-05-11T17:01:00.000001Z') },
        dryRunAt: at('2026-05-11T17:00:00.000000Z'),
      },
      '2 executions failed like this since the dry run, the newest 59 min ago',
    ],
  ])('has numbers that fit: %o', (change, words) => {
    for (const text of told(withLive({ ...NOT_LIVE, ...change }))) expect(text).toContain(`⚠️ ${words}`);
  });

  test('is refused privately with the numbers, and what to do', () => {
    const refused = refusalText({ kind: 'not_live', live: { failures: NOT_LIVE, sentry: null } });
    expect(refused).toContain('7 executions failed like this in the last 30 min, the newest 2 min ago');
    expect(refused).toMatch(/nothing was done\. .*click Approve anyway on its message\.$/);
  });

  test('is no matter any more once somebody has decided', () => {
    for (const kind of ['cancelled', 'expired'] as const) {
      const message = dryRunMessage({ ...view, ...withLive(NOT_LIVE), headline: { kind } });
      expect(drawn(message)).not.toContain('failed like this');
    }
  });
});

test('our own replays that failed alike are a line of their own, and no new failures', () => {
  const live = { ...LIVE, ownReplays: 3 };
  for (const text of told(withLive(live))) {
    expect(text).toContain('⚠️ 3 replays of our own failed like this in the last 30 min');
    expect(text).toContain('38 runs of these workflows succeeded since.');
  }
  expect(actions(withLive(live))).toContain('retry_batch_approve');
});

describe('an approval all the same', () => {
  const told = { ...toldOf({ failures: NOT_LIVE, sentry: null }), newest_failure: '2026-05-11T17:01:00Z' };
  const sentry = {
    asked: true,
    issue: 'ONRAMP-4F2',
    named: true,
    last_event: '2026-05-11T17:58:00Z',
    events: 2,
    more: false,
  } as const;

  test.each<[string, Partial<LiveTold>]>([
    ['7 executions had failed like this in the last 30 min', {}],
    ['7 executions had failed like this in the last 30 min', { sentry, against: ['failures', 'sentry'] }],
    ['7 executions had failed like this in the last 30 min', { sentry, against: [] }],
    ['its issue had an event in Sentry at 2026-05-11T17:58:00Z', { sentry, against: ['sentry'] }],
    ['the newest failure like this was of 2026-05-11T17:01:00Z', { sentry, failures: 0 }],
  ])('says what spoke against it: %s', (words, change) => {
    const evidence = { eligible: 1, anyway: true, live: { ...told, ...change } };
    expect(approvedAlthough(evidence)).toBe(` The fix did not look live: ${words}.`);
  });

  test('is told from one of a fix that looked live', () => {
    expect(approvedAlthough({ eligible: 1, anyway: false, live: told })).toBe('');
  });
});

test('nothing is said where nothing was asked', () => {
  for (const text of told(withLive(null))) expect(text).not.toMatch(/failed like this|the fix/);
});

test('what Sentry counts beyond a page is at least so many', () => {
  const sentry: SentryAnswer = {
    kind: 'told',
    ...{
      shortId: 'ONRAMP-4F2',
      url: 'https://sentry.io/organizations/acme/issues/4711/',
      named: true,
      others: 0,
    },
    ...{
      lastEventAt: '2026-05-11T14:30:00Z',
      since: '2026-05-11T14:34:00Z',
      askedAt: '2026-05-11T15:04:00Z',
    },
    ...{ events: 100, more: true },
  };
  for (const text of told({ batch: { ...batch, live: LIVE, sentry } }))
    expect(text).toContain('100+ in the 30 min before 15:04 UTC');
});
