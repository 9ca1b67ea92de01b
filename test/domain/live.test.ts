// The verdict on a fix: to the microsecond, since the dry run, and what Sentry may add to it.
import { type Instant, minutesBefore } from '../../src/domain/instant.ts';
import { type Failures, verdictOf } from '../../src/domain/live.ts';
import { LIVE_TOLD, toldOf } from '../../src/domain/live-told.ts';
import type { SentryAnswer } from '../../src/domain/sentry.ts';

const at = (text: string) => text as Instant;

const NOW = at('2026-05-11T18:00:00.000002Z');
const QUIET: Failures = {
  ...{ askedAt: NOW, dryRunAt: NOW, minutes: 30, newest: at('2026-05-11T14:12:00.000000Z') },
  ...{ lately: 0, fresh: 0, lookedSince: null, succeeded: 1, moreSucceeded: false },
  ...{ ownReplays: 0, lastDayOnly: false },
};

const verdict = (change: Partial<Failures>, sentry: SentryAnswer | null = null) =>
  verdictOf({ failures: { ...QUIET, ...change }, sentry });

test.each<[string, Partial<Failures>, string]>([
  ['something succeeded since the last failure', {}, 'looks_live'],
  ['nothing did', { succeeded: 0 }, 'not_proven'],
  ['nothing is known to have failed like this', { newest: null, succeeded: 0 }, 'not_proven'],
  ['one failed ten minutes ago', { newest: at('2026-05-11T17:50:00.000002Z') }, 'not_live'],
  ['… and a microsecond', { newest: at('2026-05-11T17:50:00.000001Z') }, 'looks_live'],
  ['one failed by a clock that is ahead', { newest: at('2026-05-11T18:03:00.000000Z') }, 'not_live'],
  [
    'one failed in the moment of the dry run',
    { newest: at('2026-05-11T17:00:00.000001Z'), dryRunAt: at('2026-05-11T17:00:00.000001Z') },
    'not_live',
  ],
  [
    '… and a microsecond before it',
    { newest: at('2026-05-11T17:00:00.000000Z'), dryRunAt: at('2026-05-11T17:00:00.000001Z') },
    'looks_live',
  ],
  ['not all was looked at', { lookedSince: at('2026-05-11T17:50:00.000002Z') }, 'not_proven'],
  ['all was that would say something', { lookedSince: at('2026-05-11T17:50:00.000001Z') }, 'looks_live'],
])('where %s, it is as it should be', (_, change, expected) => {
  expect(verdict(change)).toBe(expected);
});

const TOLD: SentryAnswer = {
  ...{ kind: 'told', shortId: 'ONRAMP-4F2', url: 'https://sentry.test/issues/1/', named: true },
  ...{
    lastEventAt: '2026-05-11T17:58:00Z',
    since: '2026-05-11T17:30:00Z',
    events: 12,
    more: false,
    others: 0,
  },
  askedAt: '2026-05-11T18:00:00.000Z',
};

test.each<[string, SentryAnswer, string]>([
  ['of an issue that was named', TOLD, 'not_live'],
  ['of one that was found, which proves nothing', { ...TOLD, named: false }, 'looks_live'],
  ['long ago', { ...TOLD, lastEventAt: '2026-05-11T17:50:00Z' }, 'looks_live'],
  ['of nothing any more', { ...TOLD, lastEventAt: null }, 'looks_live'],
  ['in no words that can be read', { ...TOLD, lastEventAt: 'lately' }, 'looks_live'],
  ['that could not be asked for', { kind: 'not_asked', why: '401' }, 'looks_live'],
  ['of no issue', { kind: 'none' }, 'looks_live'],
])('Sentry’s word %s', (_, sentry, expected) => {
  expect(verdict({}, sentry)).toBe(expected);
});

test('the evidence of it reads back as it was written', () => {
  for (const sentry of [null, TOLD, { kind: 'none' }, { kind: 'not_asked', why: '429' }] as const) {
    const told = toldOf({ failures: QUIET, sentry });
    expect(LIVE_TOLD.parse(JSON.parse(JSON.stringify(told)))).toEqual(told);
  }
  expect(toldOf({ failures: QUIET, sentry: null })).toMatchObject({
    verdict: 'looks_live',
    newest_failure: '2026-05-11T14:12:00Z',
    sentry: null,
  });
});

test('minutes before a moment keep its microseconds, over midnight and to the beginning of time', () => {
  expect(minutesBefore(at('2026-05-11T00:05:00.123456Z'), 10)).toBe('2026-05-10T23:55:00.123456Z');
  expect(minutesBefore(at('2026-05-11T00:05:00.123456Z'), -10)).toBe('2026-05-11T00:15:00.123456Z');
  expect(minutesBefore(at('0001-01-01T00:05:00.123456Z'), 10)).toBe('0001-01-01T00:00:00.000000Z');
});
