// A moment keeps its six digits whatever zone it was written in; what is no moment is refused.
import fc from 'fast-check';
import {
  epochSeconds,
  formatInstant,
  type Instant,
  instantOf,
  parseInstant,
} from '../../src/domain/instant.ts';

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Seconds since 1970 that leave a day of room at both ends of the years 1 to 9999. */
const seconds = fc.integer({
  min: Date.parse('0001-01-02T00:00:00Z') / 1000,
  max: Date.parse('9999-12-30T00:00:00Z') / 1000,
});
const micros = fc.integer({ min: 0, max: 999_999 });
const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });

/** RFC 3339 in the zone that is `minutes` ahead of UTC. */
function inZone(second: number, fraction: string, minutes: number): string {
  const local = new Date((second + minutes * 60) * 1000).toISOString().slice(0, 19);
  const ahead = Math.abs(minutes);
  return `${local}${fraction}${minutes < 0 ? '-' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
}

describe('a moment', () => {
  it.each([
    ['2026-05-11T12:30:00Z', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11t12:30:00z', '2026-05-11T12:30:00.000000Z'],
    ['2026-05-11T12:30:00.1Z', '2026-05-11T12:30:00.100000Z'],
    ['2026-05-11T12:30:00.123456Z', '2026-05-11T12:30:00.123456Z'],
    ['2026-05-11T14:30:00.000001+02:00', '2026-05-11T12:30:00.000001Z'],
    ['2026-05-11T00:15:00-05:30', '2026-05-11T05:45:00.000000Z'],
    ['2026-01-01T00:00:00+00:01', '2025-12-31T23:59:00.000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    ['has no zone', '2026-05-11T12:30:00'],
    ['has a zone without a colon', '2026-05-11T12:30:00+0200'],
    ['has a zone of 24 hours', '2026-05-11T12:30:00+24:00'],
    ['has a zone of 60 minutes', '2026-05-11T12:30:00+01:60'],
    ['has seven fractional digits', '2026-05-11T12:30:00.1234567Z'],
    ['has a point and no digit', '2026-05-11T12:30:00.Z'],
    ['has a comma for the point', '2026-05-11T12:30:00,5Z'],
    ['has no seconds', '2026-05-11T12:30Z'],
    ['is a day', '2026-05-11'],
    ['has a space for the T', '2026-05-11 12:30:00Z'],
    ['has a month 13', '2026-13-01T00:00:00Z'],
    ['has a month 0', '2026-00-01T00:00:00Z'],
    ['has a day 0', '2026-05-00T00:00:00Z'],
    ['has a 31st of April', '2026-04-31T00:00:00Z'],
    ['has a 29th of February in a common year', '2026-02-29T00:00:00Z'],
    ['has a 29th of February in 1900', '1900-02-29T00:00:00Z'],
    ['has an hour 24', '2026-05-11T24:00:00Z'],
    ['has a minute 60', '2026-05-11T12:60:00Z'],
    ['has a second 60', '2026-05-11T12:30:60Z'],
    ['lies before the year 1', '0001-01-01T00:00:00+00:01'],
    ['lies after the year 9999', '9999-12-31T23:59:59-00:01'],
    ['has a year of five digits', '12026-05-11T12:30:00Z'],
    ['has something before it', ' 2026-05-11T12:30:00Z'],
    ['has something after it', '2026-05-11T12:30:00Z\n'],
    ['has digits of another script', '２０２６-05-11T12:30:00Z'],
    ['is empty', ''],
  ])('is refused when it %s', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('keeps every microsecond, whichever zone it was written in', () => {
    fc.assert(
      fc.property(seconds, micros, offset, (second, micro, minutes) => {
        const fraction = `.${pad(micro, 6)}`;
        const utc = `${new Date(second * 1000).toISOString().slice(0, 19)}${fraction}Z`;
        expect(parseInstant(inZone(second, fraction, minutes))).toBe(utc);
        expect(parseInstant(utc)).toBe(utc);
      }),
    );
  });

  it('is written in its shortest form and read back as the same moment', () => {
    fc.assert(
      fc.property(seconds, fc.oneof(micros, fc.constant(0)), (second, micro) => {
        const instant = parseInstant(inZone(second, `.${pad(micro, 6)}`, 0)) as Instant;
        const written = formatInstant(instant);
        expect(parseInstant(written)).toBe(instant);
        expect(written.includes('.')).toBe(micro !== 0);
      }),
    );
  });

  it('sorts as text the way it sorts in time', () => {
    const moment = fc.tuple(seconds, micros);
    fc.assert(
      fc.property(moment, moment, ([aSecond, aMicro], [bSecond, bMicro]) => {
        const a = parseInstant(inZone(aSecond, `.${pad(aMicro, 6)}`, 60)) as Instant;
        const b = parseInstant(inZone(bSecond, `.${pad(bMicro, 6)}`, -60)) as Instant;
        expect(a < b).toBe(aSecond < bSecond || (aSecond === bSecond && aMicro < bMicro));
      }),
    );
  });

  it('comes from a clock with its milliseconds, and refuses a clock that has gone mad', () => {
    expect(instantOf(Date.parse('2026-05-11T12:30:00.007Z'))).toBe('2026-05-11T12:30:00.007000Z');
    expect(instantOf(-1)).toBe('1969-12-31T23:59:59.999000Z');
    expect(() => instantOf(Number.NaN)).toThrow(RangeError);
    expect(() => instantOf(Date.parse('9999-12-31T23:59:59Z') + 1000)).toThrow(RangeError);
  });

  it('is rounded down for a reader that knows no fractions', () => {
    expect(epochSeconds('2026-05-11T12:30:00.999999Z' as Instant)).toBe(
      Date.parse('2026-05-11T12:30:00Z') / 1000,
    );
  });
});
