// A moment in UTC with all six fractional digits. Postgres keeps microseconds and a JavaScript Date does
// not, so a time that decides a window never passes through a Date.

/** Canonical text, `2026-05-11T12:30:00.000000Z`: fixed width, so that `<` compares moments. */
export type Instant = string & { readonly __instant: unique symbol };

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads RFC 3339 with an offset or `Z` and at most six fractional digits, all kept.
 * Answers undefined for anything else: no zone, a day or an hour that does not exist, a year outside 1–9999.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = offsetMinutes(match[8] ?? '');
  if (offset === undefined) return undefined;

  // Whole seconds are exact in a Date; the fraction never touches it.
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  if (local.getUTCFullYear() !== year || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) {
    return undefined;
  }
  return fromSeconds(local.getTime() / 1000 - offset * 60, (match[7] ?? '').padEnd(6, '0'));
}

/** The moment `milliseconds` after 1970-01-01T00:00:00Z, for times that come from a clock. */
export function instantOf(milliseconds: number): Instant {
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = String(Math.floor(milliseconds - seconds * 1000)).padStart(3, '0');
  const instant = fromSeconds(seconds, `${fraction}000`);
  if (instant === undefined) throw new RangeError(`${milliseconds} is outside the years 1 to 9999`);
  return instant;
}

/** The whole second that this is in: what somebody counts back to, such as `2h`, has no fractions. */
export function secondOf(milliseconds: number): Instant {
  return instantOf(Math.floor(milliseconds / 1000) * 1000);
}

/** The moment so many whole minutes before, to the microsecond; not before the year 1. */
export function minutesBefore(instant: Instant, minutes: number): Instant {
  const [, fraction = '000000'] = /\.(\d{6})Z$/.exec(instant) ?? [];
  return (
    fromSeconds(epochSeconds(instant) - minutes * 60, fraction) ?? ('0001-01-01T00:00:00.000000Z' as Instant)
  );
}

/** Shortest RFC 3339 text in UTC that loses nothing: the fraction is left out where it is zero. */
export function formatInstant(instant: Instant): string {
  return instant.replace('.000000Z', 'Z');
}

/** Seconds since 1970, rounded down; for Slack's `<!date^…>`, which knows no fractions. */
export function epochSeconds(instant: Instant): number {
  return Math.floor(Date.parse(instant) / 1000);
}

/** `2026-05-11 18:05:00`, a moment to the second in UTC; date-fns formats in this machine's zone alone. */
export function inUtc(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function fromSeconds(seconds: number, fraction: string): Instant | undefined {
  const date = new Date(seconds * 1000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return undefined;
  return `${date.toISOString().slice(0, 19)}.${fraction}Z` as Instant;
}
