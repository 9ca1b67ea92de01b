// `2h`, `90 min`, `2 hours and 30 minutes`, `half an hour`. Must never read what has more than one length: a month, "a couple
// of hours", a comma that may be a point.
import { type Phrase, type Token, wordAt } from './tokens.ts';

const NUMBERS: ReadonlyMap<string, number> = new Map(
  ['a', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'].map(
    (word, index) => [word, index + 1],
  ),
);

const MINUTES_OF: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 };
const UNIT = '(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)';
const UNIT_ALONE = new RegExp(`^${UNIT}$`);
const TOGETHER = new RegExp(`^(\\d{1,5}(?:\\.5)?)-?${UNIT}$`);
/** `1h30m`, `2h30` */
const HOURS_AND_MINUTES = /^(\d{1,4})h(\d{1,2})m?$/;
const COUNT = /^\d{1,5}(?:\.5)?$/;

/** A length of time in minutes that begins at token `at`; a day is 24 hours. Undefined where there is none. */
export function durationAt(tokens: readonly Token[], at: number): Phrase<number> | undefined {
  const both = HOURS_AND_MINUTES.exec(wordAt(tokens, at));
  if (both !== null) {
    const minutes = Number(both[2]);
    return minutes < 60 ? { found: Number(both[1]) * 60 + minutes, length: 1 } : undefined;
  }
  const first = partAt(tokens, at);
  if (first === undefined) return undefined;
  const gap = wordAt(tokens, at + first.length) === 'and' ? 1 : 0;
  const second = partAt(tokens, at + first.length + gap);
  // `2 hours 30 minutes`: the smaller one behind the larger one, and less than one of that.
  if (second === undefined || second.found.minutes >= first.found.unit)
    return { found: first.found.minutes, length: first.length };
  return { found: first.found.minutes + second.found.minutes, length: first.length + gap + second.length };
}

/** `hour`, without a number: the last one of them. */
export function unitAt(tokens: readonly Token[], at: number): Phrase<number> | undefined {
  const word = wordAt(tokens, at);
  if (word !== 'hour' && word !== 'minute') return undefined;
  return { found: word === 'hour' ? 60 : 1, length: 1 };
}

type Part = { readonly minutes: number; readonly unit: number };

function partAt(tokens: readonly Token[], at: number): Phrase<Part> | undefined {
  const token = tokens[at];
  // A capital M is a month to some.
  if (token === undefined || token.quoted !== null || /\dM$/.test(token.source)) return undefined;
  const together = TOGETHER.exec(token.word);
  if (together !== null) return part(Number(together[1]), together[2] ?? '', 1);
  if (token.word === 'half' && wordAt(tokens, at + 1) === 'an' && wordAt(tokens, at + 2) === 'hour')
    return part(0.5, 'h', 3);
  const count = COUNT.test(token.word)
    ? Number(token.word)
    : (NUMBERS.get(token.word) ?? (/^(?:an|one)$/.test(token.word) ? 1 : undefined));
  const unit = UNIT_ALONE.exec(wordAt(tokens, at + 1))?.[1];
  if (count === undefined || unit === undefined || tokens[at + 1]?.source === 'M') return undefined;
  return part(count, unit, 2);
}

function part(count: number, unit: string, length: number): Phrase<Part> | undefined {
  const each = MINUTES_OF[unit.charAt(0)];
  const minutes = each === undefined ? Number.NaN : count * each;
  if (each === undefined || !Number.isInteger(minutes) || minutes === 0) return undefined;
  return { found: { minutes, unit: each }, length };
}
