// How several things are named in a sentence, and how a text begins.
import { capital, firstWords } from '../../src/text/beginning.ts';
import { andMore, listed } from '../../src/text/listed.ts';

test('several things are named with "and" before the last one, and without a comma there', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    ...['', 'a'],
    ...['a and b', 'a, b and c'],
  ]);
});

test('of many the first are named, and the others are counted', () => {
  expect(andMore(['a', 'b'], 0)).toBe('a, b');
  expect(andMore(['a'], 2)).toBe('a and 2 more');
  expect(andMore(['a', 'b'], 1204)).toBe('a, b and 1,204 more');
  expect(andMore(['a'], 1, (others) => `${others} other`)).toBe('a and 1 other');
});

test('a text is cut behind a word, and is left as it is where nothing is missing', () => {
  expect(firstWords(' one  two three', 2)).toBe('one two…');
  expect(firstWords(' one  two ', 2)).toBe(' one  two ');
  expect(firstWords('x '.repeat(100_000), 1)).toBe('x…');
});

test('a sentence begins with a capital letter, whatever it begins with', () => {
  expect([capital('this'), capital(''), capital('<#C0>')]).toEqual(['This', '', '<#C0>']);
});
