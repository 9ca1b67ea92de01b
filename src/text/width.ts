// How many columns of a terminal a text takes: a letter of Chinese or an emoji takes two, an accent on a letter none.

/** What terminals draw twice as wide. */
const WIDE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

const NARROW = /^[\x20-\x7e]*$/;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The columns that the text takes on one line. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of letters.segment(text)) width += widthOfLetter(segment);
  return width;
}

/** The beginning of the text that takes at most so many columns; its last one is `…` where something is missing. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [kept, width] = ['', 0];
  for (const { segment } of letters.segment(text)) {
    width += widthOfLetter(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : '';
}

function widthOfLetter(letter: string): number {
  if (WIDE.test(letter)) return 2;
  return /^\p{M}*$/u.test(letter) ? 0 : 1;
}
