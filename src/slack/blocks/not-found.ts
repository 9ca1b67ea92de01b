// What the dry run did not find, as notes of its message: hand-picked executions, and a text that is an error's type. A
// mistyped id must not pass for one that was looked at.
import { clip } from '../../text/untrusted.ts';
import { count, counted } from './figures.ts';
import { WARNS } from './notes.ts';

/** Ids beside the first sentence, ids in each further note, and how many of those: a note holds 140 characters. */
const FIRST = 2;
const EACH = 3;
const FURTHER = 3;

/** `asked`: how many ids were named; null where these are of what a batch left. One sentence with the count and the first ids, a few notes with more, and how many are left. */
export function notFoundNotes(
  notFound: readonly string[],
  asked: number | null,
  filtered: boolean,
): string[] {
  if (notFound.length === 0) return [];
  const head = `${WARNS} ${missing(notFound.length, asked, filtered)}`;
  const notes = [`${head}: ${notFound.slice(0, FIRST).join(', ')}`];
  let told = FIRST;
  for (let note = 0; note < FURTHER && told < notFound.length; note += 1) {
    notes.push(notFound.slice(told, told + EACH).join(', '));
    told += EACH;
  }
  const left = notFound.length - told;
  return left > 0 ? [...notes, `and ${count(left)} more: compare with the lists in the thread`] : notes;
}

/** A text that is no message's but the type of `rows` errors; as a note of 140 characters. */
export function onlyMessages(pattern: string, rows: number): string {
  return `${WARNS} “${clip(pattern, 40)}” is the type of ${count(rows)} of these errors, and only messages are searched: give a piece of the message`;
}

function missing(lost: number, asked: number | null, filtered: boolean): string {
  const why = (isOne: boolean) =>
    isOne
      ? `does not exist${filtered ? ' or does not match the filters' : ''}`
      : `do not exist${filtered ? ' or do not match the filters' : ''}`;
  if (asked === 1) return `The execution asked for ${why(true)}`;
  const isOne = lost === 1;
  if (asked === null) return `${counted(lost, 'execution')} that the batch left ${why(isOne)}`;
  return `${count(lost)} of the ${count(asked)} executions asked for ${why(isOne)}`;
}
