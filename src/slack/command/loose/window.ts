// A window of time in everyday words: `last 2 hours`, `yesterday`, `from 2026-05-11 08:20 to 10:30 UTC+2`. Must never be wider
// than what the words can mean; where they can mean two windows, neither is read.
import { minutesInDay } from 'date-fns/constants';
import { type Instant, minutesBefore, parseInstant } from '../../../domain/instant.ts';
import { readTime } from '../time.ts';
import { durationAt, unitAt } from './durations.ts';
import { dayOf, type Point, pointAt, whenAgo } from './points.ts';
import { type Phrase, type Token, wordAt } from './tokens.ts';

/** Null: not said. `assumed`: a time had no zone and was read in UTC; `day`: it is one whole day of UTC. */
export type Window = {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly assumed: boolean;
  readonly day: string | null;
};

const WITHIN = /^(?:in|within|over|during|for|from|of)$/;
const LAST = /^(?:last|past|previous)$/;
const FROM = /^(?:from|since|after|starting|between|on)$/;
const TO = /^(?:to|until|till|up-to|-|–|—|->|→|\.\.|\.\.\.)$/;

/** The window that begins at token `at`, with the words that belong to it. Undefined where there is none, or more than one. */
export function windowAt(tokens: readonly Token[], at: number, now: number): Phrase<Window> | undefined {
  return lastAt(tokens, at, now) ?? untilAt(tokens, at, now) ?? rangeAt(tokens, at, now);
}

/** `in the last 2 hours`, `past hour` */
function lastAt(tokens: readonly Token[], at: number, now: number): Phrase<Window> | undefined {
  let next = at;
  if (WITHIN.test(wordAt(tokens, next))) next += 1;
  if (wordAt(tokens, next) === 'the') next += 1;
  if (!LAST.test(wordAt(tokens, next))) return undefined;
  next += 1;
  const duration = durationAt(tokens, next) ?? unitAt(tokens, next);
  if (duration === undefined) return undefined;
  const since = whenAgo(now, duration.found);
  return { found: only({ since }), length: next + duration.length - at };
}

/** `until 2026-05-11 10:30`: an end alone. The end of a day may be the one or the other. */
function untilAt(tokens: readonly Token[], at: number, now: number): Phrase<Window> | undefined {
  if (!/^(?:until|till|before)$/.test(wordAt(tokens, at))) return undefined;
  const end = pointAt(tokens, at + 1, now);
  if (end === undefined || !isMoment(end.found)) return undefined;
  const { found: point, length } = end;
  return { found: only({ until: point.instant, assumed: isAssumed(point) }), length: length + 1 };
}

/** One point, or one to another. */
function rangeAt(tokens: readonly Token[], at: number, now: number): Phrase<Window> | undefined {
  const preposition = FROM.test(wordAt(tokens, at)) ? wordAt(tokens, at) : null;
  const begin = at + (preposition === null ? 0 : 1);
  const from = pointAt(tokens, begin, now);
  if (from === undefined) return undefined;
  const between = begin + from.length;
  const isJoined =
    preposition === 'between' ? wordAt(tokens, between) === 'and' : TO.test(wordAt(tokens, between));
  if (!isJoined) {
    const alone = preposition === 'between' ? undefined : onlyFrom(from.found, preposition, now);
    return alone && { found: alone, length: between - at };
  }
  const to = pointAt(tokens, between + 1, now, dayOfPoint(from.found));
  const both = to && fromTo(from.found, to.found, tokens[between + 1]);
  return both && { found: both, length: between + 1 + to.length - at };
}

/** What one point alone asks for: everything since then, or just that day. */
function onlyFrom(point: Point, preposition: string | null, now: number): Window | undefined {
  switch (point.kind) {
    case 'now':
      return undefined;
    case 'ago':
      return preposition === 'on' ? undefined : only({ since: point.instant });
    case 'moment':
      return preposition === 'on' ? undefined : only({ since: point.instant, assumed: point.assumed });
    case 'day': {
      const since = beginOf(point.date);
      // After a day may be behind its end.
      if (since === undefined || preposition === 'after') return undefined;
      // Of a day that is not over, the end is now.
      const isOpen = (preposition !== null && preposition !== 'on') || point.date >= dayOf(now);
      if (isOpen) return only({ since, assumed: true });
      return { since, until: minutesBefore(since, -minutesInDay), assumed: false, day: point.date };
    }
  }
}

/** Whether the last of several days belongs to them is not sure: the end is a moment. */
function fromTo(from: Point, to: Point, firstOfTo: Token | undefined): Window | undefined {
  if (from.kind === 'now' || to.kind === 'day') return undefined;
  const start = from.kind === 'day' ? beginOf(from.date) : from.instant;
  if (start === undefined) return undefined;
  const assumed = isAssumed(from);
  if (to.kind === 'now') return only({ since: start, assumed });
  if (from.kind !== 'moment' || to.kind !== 'moment' || from.assumed === to.assumed)
    return ordered(start, to.instant, assumed || isAssumed(to));
  // One of the two has a zone. Of two times of one day it is meant for both; of two days nobody knows.
  if (!/^\d{2}:\d{2}/.test(firstOfTo?.word ?? '')) return undefined;
  const zone = zoneIn(from.assumed ? to.text : from.text);
  const other = readTime(`${from.assumed ? from.text : to.text} ${zone}`, 0);
  if (other.kind === 'mistake') return undefined;
  return from.assumed ? ordered(other.instant, to.instant, false) : ordered(start, other.instant, false);
}

function ordered(since: Instant, until: Instant, assumed: boolean): Window | undefined {
  return since < until ? { since, until, assumed, day: null } : undefined;
}

/** What stands behind the time of day. */
function zoneIn(text: string): string {
  return text.replace(/^.*?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/, '').trim();
}

function only(some: Partial<Window>): Window {
  return { since: null, until: null, assumed: false, day: null, ...some };
}

function isMoment(point: Point): point is Extract<Point, { readonly instant: Instant }> {
  return point.kind === 'moment' || point.kind === 'ago';
}

function isAssumed(point: Point): boolean {
  return point.kind === 'day' || (point.kind === 'moment' && point.assumed);
}

/** The day that a time of day behind this point belongs to, as it was typed. */
function dayOfPoint(point: Point): string | null {
  if (point.kind === 'day') return point.date;
  return point.kind === 'moment' ? (/^\d{4}-\d{2}-\d{2}/.exec(point.text)?.[0] ?? null) : null;
}

/** The beginning of a day of UTC. Undefined for one that doesn't exist. */
function beginOf(date: string): Instant | undefined {
  return parseInstant(`${date}T00:00:00Z`);
}
