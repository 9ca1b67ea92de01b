// Hand-picked executions that the dry run did not find, as notes of its message. A mistyped id must not pass
// for one that was looked at.
import { count } from './figures.ts';

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
  const why = filtered ? 'do not exist or do not match the filters' : 'do not exist';
  const of =
    asked === null ? 'executions that the batch left' : `of the ${count(asked)} executions asked for`;
  const head = `${count(notFound.length)} ${of} ${why}`;
  const notes = [`${head}: ${notFound.slice(0, FIRST).join(', ')}`];
  let told = FIRST;
  for (let note = 0; note < FURTHER && told < notFound.length; note += 1) {
    notes.push(notFound.slice(told, told + EACH).join(', '));
    told += EACH;
  }
  const left = notFound.length - told;
  return left > 0 ? [...notes, `and ${count(left)} more: compare with the lists in the thread`] : notes;
}
