// Whether the fix looks live, in words: what speaks against it, or in one line what there is to know. Sentry's line stands behind
// it.

import type { Evidence } from '../../domain/audit.ts';
import { type Instant, minutesBefore } from '../../domain/instant.ts';
import { againstOf, type Failures, FRESH_MINUTES, isWhole, type Live, verdictOf } from '../../domain/live.ts';
import type { LiveTold } from '../../domain/live-told.ts';
import { type Batch, liveOf } from '../../domain/plan.ts';
import type { Room } from './dry-run-view.ts';
import { count, counted, duration } from './figures.ts';
import { SAID } from './voice.ts';

/** `7 executions failed like this …: the fix does not look live.`; null where nothing speaks against it. */
export function againstTheFix(batch: Pick<Batch, 'live' | 'sentry'>): string | null {
  const live = liveOf(batch);
  return live === null || verdictOf(live) !== 'not_live' ? null : `${whatSpeaksAgainst(live)}: ${NOT_LIVE}.`;
}

const NOT_LIVE = 'the fix does not look live';

/** The same without the conclusion: the numbers of one that does not look live. */
export function whatSpeaksAgainst(live: Live): string {
  const { failures, sentry } = live;
  if (sentry?.kind !== 'told' || againstOf(live).includes('failures')) return failedLately(failures);
  const last = sentry.lastEventAt === null ? 'just now' : ago(sentry.lastEventAt, failures);
  return `${SAID.quote(sentry.shortId, 40)} had an event in Sentry ${last}`;
}

/** Nothing failed like this in the last so many minutes where the window is shorter than what counts as fresh. */
function failedLately(failures: Failures): string {
  const { newest, lookedSince } = failures;
  const { rows, when, since } = toldWindow(failures);
  const atLeast = lookedSince !== null && lookedSince > since;
  const many = `${count(rows)}${atLeast ? '+' : ''} ${rows === 1 && !atLeast ? 'execution' : 'executions'}`;
  return `${many} failed like this ${when}, the newest ${newest === null ? 'just now' : ago(newest, failures)}`;
}

function toldWindow({ lately, fresh, minutes, dryRunAt, askedAt }: Failures) {
  const ofMinutes = (rows: number, window: number) => ({
    ...{ rows, when: `in the last ${count(window)} min`, since: minutesBefore(askedAt, window) },
  });
  if (lately > 0) return ofMinutes(lately, minutes);
  const lastTen = ofMinutes(fresh, FRESH_MINUTES);
  return dryRunAt < lastTen.since ? { rows: fresh, when: 'since the dry run', since: dryRunAt } : lastTen;
}

function ago(moment: Instant | string, { askedAt }: Failures): string {
  return `${duration(Math.floor(Date.parse(askedAt) / 1000) - Math.floor(Date.parse(moment) / 1000))} ago`;
}

/** What there is to know of the fix where nothing speaks against it, a line; nothing where nothing was asked. */
export function liveLines(batch: Pick<Batch, 'live' | 'sentry'>, room: Pick<Room, 'warnings'>): string[] {
  const live = liveOf(batch);
  if (live === null) return [];
  const verdict = verdictOf(live);
  if (verdict === 'not_live') return [];
  const isProven = verdict === 'looks_live';
  if (room.warnings === 'words') return [isProven ? proven(live.failures) : 'The fix is not proven.'];
  return [`${isProven ? proven(live.failures) : unproven(live.failures)}${reRuns(live.failures)}`];
}

function proven({ newest, succeeded, moreSucceeded, askedAt }: Failures): string {
  const runs = `${count(succeeded)}${moreSucceeded ? '+' : ''} ${succeeded === 1 && !moreSucceeded ? 'run' : 'runs'}`;
  return `Last failed like this at ${utc(newest, askedAt)}; ${runs} of these workflows succeeded since.`;
}

function unproven(failures: Failures): string {
  const { newest, moreSucceeded, askedAt } = failures;
  const isNot = 'the fix is not proven.';
  if (newest === null) return `Nothing is in ERROR like this any more: ${isNot}`;
  if (!isWhole(failures)) return `So much else failed that not all was looked at: ${isNot}`;
  if (moreSucceeded) return `Of what succeeded lately nothing is of these workflows: ${isNot}`;
  return `Nothing of these workflows ran since ${utc(newest, askedAt)}: ${isNot}`;
}

/** `14:12 UTC`, with its day where that is another one. */
function utc(moment: Instant | null, now: Instant): string {
  if (moment === null) return '';
  const [day, time] = [moment.slice(0, 10), moment.slice(11, 16)];
  return day === now.slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`;
}

/** What is not counted for want of an index; a sentence behind the numbers. */
export function reRuns({ lastDayOnly }: Failures): string {
  return lastDayOnly ? ' Of re-runs only executions created in the last day count.' : '';
}

/** What was known of the fix when somebody approved all the same; a sentence behind that they did. */
export function approvedAlthough(evidence: Evidence['approved'] | null): string {
  if (evidence === null || !evidence.anyway || evidence.live === null) return '';
  return ` The fix did not look live: ${whatSpokeAgainst(evidence.live)}.`;
}

function whatSpokeAgainst({ failures, minutes, newest_failure: newest, against, sentry }: LiveTold): string {
  if (sentry?.asked === true && against.includes('sentry') && !against.includes('failures'))
    return `its issue had an event in Sentry at ${sentry.last_event}`;
  if (failures === 0) return `the newest failure like this was of ${newest}`;
  return `${counted(failures, 'execution')} had failed like this in the last ${count(minutes)} min`;
}
