// A moment as an operator writes it. Must never guess a date: what has no zone is UTC, and says so; what
// doesn't exist, or has something behind it that is not understood, is a mistake.
import { isBefore } from 'date-fns/isBefore';
import { subHours } from 'date-fns/subHours';
import { subMinutes } from 'date-fns/subMinutes';
import { type Instant, parseInstant, secondOf } from '../../domain/instant.ts';
import { quote } from './problem.ts';

/** `zone`: `read` where the offset was written in a way that only a reader understands, such as `UTC+2`. */
export type ReadTime =
  | {
      readonly kind: 'moment';
      readonly instant: Instant;
      readonly zone: 'given' | 'read' | 'assumed' | 'relative';
    }
  | { readonly kind: 'mistake'; readonly message: string };

type Mistake = Extract<ReadTime, { kind: 'mistake' }>;

const AGO = /^(\d{1,7})([mhd])(?: +ago)?$/i;
// Postgres prints `2026-05-11 12:30:00.5+00`; that must paste, so an offset may be hours alone.
const ABSOLUTE =
  /^(\d{4}-\d{2}-\d{2})(?:(?:[Tt]| +)(\d{2}:\d{2})(?:(:\d{2})(\.\d+)?)?)?(?: *(z|utc|gmt)| *((?:utc|gmt) *)?([+＋−\p{Pd}]\d{1,2}(?::?\d{2})?))?$/iu;
/** An offset that any program would read, and a time that any program reads. */
const PLAIN = /^[+-]\d{2}(?::?\d{2})?$/;
const RFC_3339 = /^\S+T\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2}$/i;
/** The offsets of the world's clocks that are not whole hours. */
const ODD = /^(?:-(?:9:30|3:30|2:30)|\+(?:3:30|4:30|5:30|5:45|6:30|8:45|9:30|10:30|12:45|13:45))$/;

/** `2026-05-11 08:20 UTC +2` */
const MOST_WORDS = 4;

const NO_TIME: Mistake = {
  kind: 'mistake',
  message: 'must be a time such as 2026-05-11T12:30:00Z, 2026-05-11 12:30 (UTC), 2026-05-11, 90m, 2h or 3d',
};

/**
 * Reads RFC 3339, the same without seconds, without a zone or with a space for `T`, a bare date, an offset as people write
 * it (`UTC+2`, a dash for the minus), and `90m`, `2h`, `3d` before `now`. Microseconds are kept.
 */
export function readTime(text: string, now: number): ReadTime {
  const read = readWhole(text, now);
  if (read !== undefined) return read;
  const words = text.split(/ +/);
  for (let count = Math.min(words.length - 1, MOST_WORDS); count > 0; count -= 1) {
    const head = words.slice(0, count).join(' ');
    if (readWhole(head, now)?.kind === 'moment') return notUnderstood(head, words.slice(count).join(' '));
  }
  return NO_TIME;
}

/** Only whoever typed it knows what it is; most often it is a zone, and the time is another one than it looks. */
function notUnderstood(time: string, rest: string): Mistake {
  const how = /\b[ap]\.?m\b/i.test(rest)
    ? 'write the hours from 00 to 23'
    : 'write a zone as its offset, such as +02:00 or UTC-4, and text to search as error="…"';
  return {
    kind: 'mistake',
    message: `has ${quote(rest)} behind ${quote(time)}, which is not understood; ${how}`,
  };
}

function readWhole(text: string, now: number): ReadTime | undefined {
  const ago = AGO.exec(text);
  if (ago) return before(now, Number(ago[1]), ago[2] ?? '');
  const match = ABSOLUTE.exec(text);
  if (!match) return undefined;
  const [, date = '', clock, seconds = ':00', fraction = '', utc, prefix, offset] = match;
  // Behind a date alone `-04` may be a day or an hour.
  if (clock === undefined && prefix === undefined && /^[^:]+$/.test(offset ?? '')) return undefined;
  if (fraction.length > 7) {
    return {
      kind: 'mistake',
      message: 'has more than six digits after the second; microseconds are the limit',
    };
  }
  const zone = zoneOf(offset);
  if (zone.clocks === 'none' && !RFC_3339.test(text)) {
    return { kind: 'mistake', message: `has an offset that no clock has: ${quote(offset ?? '')}` };
  }
  const instant = parseInstant(`${date}T${clock ?? '00:00'}${seconds}${fraction}${zone.text}`);
  if (instant === undefined) {
    return { kind: 'mistake', message: 'names a day or a time of day that does not exist' };
  }
  if (offset === undefined) return { kind: 'moment', instant, zone: utc === undefined ? 'assumed' : 'given' };
  const isPlain = PLAIN.test(offset) && prefix === undefined;
  return { kind: 'moment', instant, zone: isPlain ? 'given' : 'read' };
}

/**
 * The offset as RFC 3339 has it, and whether any clock has it: `08:20-10:30` may be from one time to another, and as an
 * offset would be a time far away.
 */
function zoneOf(offset: string | undefined): { readonly text: string; readonly clocks: 'some' | 'none' } {
  if (offset === undefined) return { text: 'Z', clocks: 'some' };
  const sign = /^[+＋]/.test(offset) ? '+' : '-';
  const digits = offset.slice(1).replace(':', '');
  const [hours, minutes] = digits.length > 2 ? [digits.slice(0, -2), digits.slice(-2)] : [digits, '00'];
  const isWhole = minutes === '00' && Number(hours) <= (sign === '+' ? 14 : 12);
  const isSome = isWhole || ODD.test(`${sign}${Number(hours)}:${minutes}`);
  return { text: `${sign}${hours.padStart(2, '0')}:${minutes}`, clocks: isSome ? 'some' : 'none' };
}

function before(now: number, count: number, unit: string): ReadTime {
  const moment = ago(now, count, unit.toLowerCase());
  // Year 1 is where the calendar of an Instant begins.
  if (isBefore(moment, '0001-01-01T00:00:00Z')) {
    return { kind: 'mistake', message: 'is too long ago; no execution is that old' };
  }
  return { kind: 'moment', instant: secondOf(moment.getTime()), zone: 'relative' };
}

/** A day is 24 hours here, also where this machine's zone changes its clocks. */
function ago(now: number, count: number, unit: string): Date {
  if (unit === 'm') return subMinutes(now, count);
  return subHours(now, unit === 'h' ? count : 24 * count);
}
