import fc from 'fast-check';
import {
  breakAutolinks,
  clean,
  clip,
  escapeMrkdwn,
  inCode,
  plain,
  quote,
  quoteAloud,
  sentence,
} from '../../src/text/untrusted.ts';
import { unsafe } from '../slack/blocks/check.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '<',
      '>',
      '&',
      '&amp;',
      '@',
      '#',
      '!',
      '\u202e',
      '\ud83d',
      '😀',
      '\n',
      ' ',
      'a',
      '.',
      ':',
    ),
    maxLength: 200,
  }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 200 }),
);

test('a mention, a channel, a link in an error message is shown as the characters it is made of', () => {
  expect(escapeMrkdwn('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  expect(quote('<!channel> <@U1> <https://evil|Approve>', 100)).toBe(
    '`&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil|Approve&gt;`',
  );
});

test('an error message with backticks stays inside its code', () => {
  expect(quote('a ``` b ` c\n`d`', 100)).toBe('`a ˋˋˋ b ˋ c ˋdˋ`');
  expect(inCode('')).toBe('`(empty)`');
  expect(quote('\u200b\u202e', 100)).toBe('`(empty)`');
});

test('direction marks, zero-width and control characters are gone, blanks are one blank', () => {
  expect(clean(' a\u202eb\u200bc\u0000d\u00ad\u2066e\u3164f \t\r\n\u2028\u00a0 g ')).toBe('abcdef g');
  expect(clean('x\u200b \u200b y')).toBe('x y');
  expect(clean('\ud83d half \udc00')).toBe('� half �');
  expect(clean(`e${'\u0301'.repeat(50)}`)).toBe(`e${'\u0301'.repeat(3)}`);
});

test('names written from right to left do not reorder the counts beside them', () => {
  expect(quote('שלום', 10)).toBe('`\u2068שלום\u2069`');
});

test('what is too long ends with an ellipsis, and neither an emoji nor an entity is cut in half', () => {
  expect(clip('abcdef', 6)).toBe('abcdef');
  expect(clip('abcdef', 5)).toBe('abcd…');
  expect(clip('😀😀😀', 2)).toBe('😀…');
  expect(clip('a&amp;&amp;b', 7)).toBe('a&amp;…');
  expect(clip('a&amp;&amp;b', 6)).toBe('a…');
  expect(clip('abc', 1)).toBe('…');
  expect(clip('abc', 0)).toBe('');
  expect([...quote('&'.repeat(600), 100)].length).toBeLessThanOrEqual(102);
});

test('in the text that notifications show, nothing becomes a mention, a link or an emoji', () => {
  for (const bait of [
    '@here',
    '#general',
    'https://evil.com',
    'www.evil.com',
    'evil.com',
    ':tada:',
    'a@b.com',
  ]) {
    expect(quoteAloud(bait, 100)).not.toContain(bait);
  }
  expect(breakAutolinks('at 12:30:00Z, 1.5 s')).not.toContain(':\u2060');
});

test('a secret that an error message repeats is not shown in any of the ways', () => {
  for (const show of [quote, quoteAloud, plain, sentence]) {
    expect(show('login failed: password=hunter2 for ann@acme.com', 200)).not.toMatch(/hunter2|ann@/);
  }
});

test('a secret that is written with invisible characters in it is masked all the same', () => {
  expect(quote('pass\u200bword=hunt\u200ber2', 100)).toBe('`password=[masked]`');
});

test('whatever the text, what comes out is well-formed, escaped and within its length', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 300 }), (text, max) => {
      for (const show of [quote, quoteAloud, sentence]) expect(unsafe(show(text, max))).toEqual([]);
      const room = 11; // the marks around it, or `(empty)`
      for (const show of [quote, quoteAloud, sentence, plain]) {
        expect([...show(text, max)].length).toBeLessThanOrEqual(max + room);
      }
      expect(quote(text, max)).not.toContain('\n');
      expect(quote(text, max).slice(1, -1)).not.toContain('`');
      expect(clean(clean(text))).toBe(clean(text));
    }),
    { numRuns: 400 },
  );
});
