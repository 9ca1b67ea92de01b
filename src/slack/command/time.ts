// A moment as an operator writes it. Must never guess a date: what has no zone is UTC, and says so; what
// doesn't exist is a mistake.
import { isBefore } from 'date-fns/isBefore';
import { subHours } from 'date-fns/subHours';
import { subMinutes } from 'date-fns/subMinutes';
import { type Instant, instantOf, parseInstant } from '../../domain/instant.ts';

export type ReadTime =
  | { readonly kind: 'moment'; readonly instant: Instant; readonly zone: 'given' | 'assumed' | 'relative' }
  | { readonly kind: 'mistake'; readonly message: string };

const AGO = /^(\d{1,7})([mhd])$/i;
// Postgres prints `2026-05-11 12:30:00.5+00`; that must paste, so an offset may be hours alone.
const ABSOLUTE =
  /^(\d{4}-\d{2}-\d{2})(?:(?:[Tt]| +)(\d{2}:\d{2})(?:(:\d{2})(\.\d+)?)? *(?:([Zz]|utc)|([+-]\d{2})(?::?(\d{2}))?)?)?$/i;

/**
 * Reads RFC 3339, the same without seconds, without a zone or with a space for `T`, a bare date, and `90m`,
 * `2h`, `3d` before `now`. Microseconds are kept.
 */
export function readTime(text: string, now: number): ReadTime {
  const ago = AGO.exec(text);
  if (ago) return before(now, Number(ago[1]), ago[2] ?? '');
  const match = ABSOLUTE.exec(text);
  if (!match) {
    return {
      kind: 'mistake',
      message:
        'must be a time such as 2026-05-11T12:30:00Z, 2026-05-11 12:30 (UTC), 2026-05-11, 90m, 2h or 3d',
    };
  }
  const [, date, clock = '00:00', seconds = ':00', fraction = '', utc, hours, minutes = '00'] = match;
  if (fraction.length > 7) {
    return {
      kind: 'mistake',
      message: 'has more than six digits after the second; microseconds are the limit',
    };
  }
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const instant = parseInstant(`${date}T${clock}${seconds}${fraction}${zone}`);
  if (instant === undefined) {
    return { kind: 'mistake', message: 'names a day or a time of day that does not exist' };
  }
  return { kind: 'moment', instant, zone: utc === undefined && hours === undefined ? 'assumed' : 'given' };
}

function before(now: number, count: number, unit: string): ReadTime {
  const moment = ago(now, count, unit.toLowerCase());
  // Year 1 is where the calendar of an Instant begins.
  if (isBefore(moment, '0001-01-01T00:00:00Z')) {
    return { kind: 'mistake', message: 'is too long ago; no execution is that old' };
  }
  return { kind: 'moment', instant: instantOf(moment.getTime()), zone: 'relative' };
}

/** A day is 24 hours here, also where this machine's zone changes its clocks. */
function ago(now: number, count: number, unit: string): Date {
  if (unit === 'm') return subMinutes(now, count);
  return subHours(now, unit === 'h' ? count : 24 * count);
}
