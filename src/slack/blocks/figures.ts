// Counts, lengths of time and moments in words. Moments are told twice, in the reader's own time and in UTC,
// because the operator compares them with logs.
import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import { getUnixTime } from 'date-fns/getUnixTime';
import { epochSeconds, formatInstant, type Instant, inUtc } from '../../domain/instant.ts';

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `1,204` */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** `1 webhook`, `1,204 webhooks` */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
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

/** From the one moment to the other, as `duration` says it. */
export function lasted(from: Date, to: Date): string {
  return duration(differenceInSeconds(to, from, { roundingMethod: 'round' }));
}

/** A moment in the reader's own time, with UTC beside it. */
export function moment(date: Date): string {
  const utc = `${inUtc(date)} UTC`;
  return `${ownTime(getUnixTime(date), utc)} (${utc})`;
}

/** A window's ends in the reader's own time; the exact ends are in `exactWindow`. */
export function ownWindow(window: { readonly since: Instant; readonly until: Instant }): string {
  const [since, until] = [window.since, window.until].map((at) =>
    ownTime(epochSeconds(at), formatInstant(at)),
  );
  return `${since} to ${until}`;
}

/** A window to the microsecond, in UTC. */
export function exactWindow(window: { readonly since: Instant; readonly until: Instant }): string {
  return `${formatInstant(window.since)} to ${formatInstant(window.until)}`;
}

/** Slack's date token; before 1970 it knows none, and the fallback stands for itself. */
function ownTime(seconds: number, fallback: string): string {
  return seconds > 0 ? `<!date^${seconds}^{date_short_pretty} {time_secs}|${fallback}>` : fallback;
}
