// Counts, lengths of time and moments in words. Moments are told once, in the reader's own time; of the window, which the
// operator compares with logs, UTC is told too.
import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import { getUnixTime } from 'date-fns/getUnixTime';
import { roundToNearestMinutes } from 'date-fns/roundToNearestMinutes';
import { epochSeconds, formatInstant, type Instant, inUtc } from '../../domain/instant.ts';
import { count } from '../../domain/numbers.ts';
import { equation, type Tally } from '../../domain/outcome.ts';

export { count, counted } from '../../domain/numbers.ts';

const A_DAY = 86_400;
const OWN_MINUTE = '{date_short_pretty} {time}';

/** `154 = 87 succeeded + 5 failed + 43 skipped + 19 not reached`, as people read it in Slack. */
export function closing(tally: Tally): string {
  return equation(tally, count, '');
}

/** `45 s`, `6 min`, `1 h 5 min`, `2 d 3 h` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A moment in the reader's own time, to the minute: `7:28 PM today`, which reads behind `at`, `by`, `until` and `since`; in UTC where
 * nobody draws it.
 */
export function moment(date: Date): string {
  return ownTime(getUnixTime(date), `${inUtc(date).slice(0, 16)} UTC`, '{time} {date_short_pretty}');
}

/** The same to the second, with UTC, for a moment that the database keeps to the microsecond. */
export function instantMoment(instant: Instant): string {
  const utc = `${instant.slice(0, 19).replace('T', ' ')} UTC`;
  return `${ownTime(epochSeconds(instant), utc)} (${utc})`;
}

/** The same without the day, for what is not far away: every deadline that one can still meet. */
export function clockTime(date: Date): string {
  return ownTime(getUnixTime(date), `${inUtc(date).slice(11, 16)} UTC`, '{time}');
}

/** The same for the first whole minute that is not before it. */
export function clockTimeFrom(date: Date): string {
  return clockTime(roundToNearestMinutes(date, { roundingMethod: 'ceil' }));
}

/** Far enough for a run and its retry, and near enough that nobody asks for the day. */
const NEAR_SECONDS = 12 * 3600;

/** A moment to the second; without the day where it is near to one that is known. */
export function momentNear(date: Date, known: Date): string {
  if (Math.abs(differenceInSeconds(date, known)) > NEAR_SECONDS)
    return ownTime(getUnixTime(date), `${inUtc(date)} UTC`, '{time_secs} {date_short_pretty}');
  return ownTime(getUnixTime(date), `${inUtc(date).slice(11)} UTC`, '{time_secs}');
}

type Window = { readonly since: Instant; readonly until: Instant };

/** A window in the reader's own time, to the minute; the exact ends are in `utcWindow`. */
export function ownWindow({ since, until }: Window): string {
  const [from, to] = [epochSeconds(since), epochSeconds(until)];
  const pattern = to - from < A_DAY ? '{time}' : OWN_MINUTE;
  return `${ownTime(from, formatInstant(since), OWN_MINUTE)} – ${ownTime(to, formatInstant(until), pattern)}`;
}

/**
 * `2026-05-11 12:30–14:30 UTC`; no digit of a moment is left out but zeros, and, where nobody named the end, its fraction of a
 * second.
 */
export function utcWindow({ since, until }: Window, isOpen: boolean): string {
  const [from, to] = [utcParts(since), utcParts(isOpen ? (until.replace(/\.\d+Z$/, 'Z') as Instant) : until)];
  return from.day === to.day
    ? `${from.day} ${from.time}–${to.time} UTC`
    : `${from.day} ${from.time} – ${to.day} ${to.time} UTC`;
}

function utcParts(instant: Instant): { readonly day: string; readonly time: string } {
  const [day = '', time = ''] = formatInstant(instant).replace('Z', '').split('T');
  return { day, time: time.endsWith(':00') ? time.slice(0, -3) : time };
}

/** A window to the microsecond, in UTC. */
export function exactWindow({ since, until }: Window): string {
  return `${formatInstant(since)} to ${formatInstant(until)}`;
}

/** Slack's date token; before 1970 it knows none, and the fallback stands for itself. */
function ownTime(seconds: number, fallback: string, pattern = '{date_short_pretty} {time_secs}'): string {
  return seconds > 0 ? `<!date^${seconds}^${pattern}|${fallback}>` : fallback;
}
