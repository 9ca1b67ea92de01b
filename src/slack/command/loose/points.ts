// One moment, or one day, among everyday words. What has no zone is UTC, and the point says so; must never read a time that
// only whoever typed it knows: `2:30 PM`, `CEST`, `11/05`, a time of day without a day.
import { millisecondsInDay, millisecondsInMinute } from 'date-fns/constants';
import { epochSeconds, type Instant, instantOf, secondOf } from '../../../domain/instant.ts';
import { readTime } from '../time.ts';
import { durationAt } from './durations.ts';
import type { Phrase, Token } from './tokens.ts';

/**
 * `moment`: `text` is what reads as it; `assumed` where no zone was given, so that it was read in UTC. `day`: of UTC, as
 * `2026-05-11`. `ago`: counted back from now. `now`: an end that is left open.
 */
export type Point =
  | { readonly kind: 'moment'; readonly instant: Instant; readonly text: string; readonly assumed: boolean }
  | { readonly kind: 'day'; readonly date: string }
  | { readonly kind: 'ago'; readonly instant: Instant }
  | { readonly kind: 'now' };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/;
/** `08:20-10:30`: from one time to another or, where a clock has it, an offset. */
const CLOCKS = /^(\d{2}:\d{2})[-–—](\d{2}:\d{2})$/;

/** `2026-05-11 08:20 UTC +2` */
const MOST_TOKENS = 5;

/**
 * The point that begins at token `at`. `carried` is the day that a time of day without one belongs to. Undefined where nothing
 * there is one.
 */
export function pointAt(
  tokens: readonly Token[],
  at: number,
  now: number,
  carried: string | null = null,
): Phrase<Point> | undefined {
  const token = tokens[at];
  if (token === undefined || token.quoted !== null) return undefined;
  if (token.word === 'now') return { found: { kind: 'now' }, length: 1 };
  const duration = durationAt(tokens, at);
  if (duration !== undefined) return agoAt(tokens, at, duration, now);
  const date = dateOf(token.word, now);
  if (date !== undefined) return onDay(tokens, at, date, now);
  if (CLOCK.test(token.word)) return clockAt(tokens, at, now, carried);
  return longest(tokens, at, (text) => momentOf(text, now));
}

/** The day of UTC that this word names. */
function dateOf(word: string, now: number): string | undefined {
  if (DATE.test(word)) return word;
  if (word === 'today') return dayOf(now);
  return word === 'yesterday' ? dayOf(now - millisecondsInDay) : undefined;
}

/** The day of UTC that this is in, as `2026-05-11`. */
export function dayOf(milliseconds: number): string {
  return instantOf(milliseconds).slice(0, 10);
}

/** So many minutes before `now`, to the second. */
export function whenAgo(now: number, minutes: number): Instant {
  return secondOf(now - minutes * millisecondsInMinute);
}

function agoAt(
  tokens: readonly Token[],
  at: number,
  { found, length }: Phrase<number>,
  now: number,
): Phrase<Point> {
  const says = tokens[at + length]?.word === 'ago' ? 1 : 0;
  return { found: { kind: 'ago', instant: whenAgo(now, found) }, length: length + says };
}

/** A day, and the time of day behind it where there is one. */
function onDay(tokens: readonly Token[], at: number, date: string, now: number): Phrase<Point> | undefined {
  const gap = tokens[at + 1]?.word === 'at' ? 2 : 1;
  const next = tokens[at + gap];
  if (next !== undefined && CLOCK.test(next.word)) {
    const range = CLOCKS.exec(next.word);
    if (range !== null && isTwoTimes(range)) return undefined;
    const clock = longest(tokens, at + gap, (text) => momentOf(`${date} ${text}`, now));
    return clock && { found: clock.found, length: clock.length + gap };
  }
  // A day that doesn't exist is none.
  return momentOf(date, now) && { found: { kind: 'day', date }, length: 1 };
}

/** A time of day: of the day that goes before it or, where it has a zone, the last one that there was. */
function clockAt(
  tokens: readonly Token[],
  at: number,
  now: number,
  carried: string | null,
): Phrase<Point> | undefined {
  const read = (date: string) => longest(tokens, at, (text) => momentOf(`${date} ${text}`, now));
  if (carried !== null) return read(carried);
  const today = read(dayOf(now));
  if (today === undefined || today.found.kind !== 'moment' || today.found.assumed) return undefined;
  return epochSeconds(today.found.instant) * 1000 > now ? read(dayOf(now - millisecondsInDay)) : today;
}

/** Whether both are times of one day, as far as one can tell: an offset would be what a clock has, and is not sure either. */
function isTwoTimes([, from = '', to = '']: RegExpExecArray): boolean {
  return to > from;
}

function momentOf(text: string, now: number): Point | undefined {
  const read = readTime(text, now);
  if (read.kind === 'mistake' || read.zone === 'relative') return undefined;
  return { kind: 'moment', instant: read.instant, text, assumed: read.zone === 'assumed' };
}

/** The longest run of tokens that reads as a point. */
function longest(
  tokens: readonly Token[],
  at: number,
  read: (text: string) => Point | undefined,
): Phrase<Point> | undefined {
  for (let length = Math.min(MOST_TOKENS, tokens.length - at); length > 0; length -= 1) {
    const some = tokens.slice(at, at + length);
    if (some.some(({ quoted }) => quoted !== null)) continue;
    const found = read(some.map(({ source }) => source).join(' '));
    if (found !== undefined) return { found, length };
  }
  return undefined;
}
