// What a terminal gets to see of text from outside: an escape code in a customer's name would draw lines that nobody
// wrote, so whatever is not drawn as itself is shown by its number.

/** Controls (also those that UTF-8 hides from 0x80 on), marks that turn the reading direction, and whatever is drawn as nothing. */
const NOT_DRAWN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** One line in which every such character is written as `\u{1b}`. What joins letters of a script stays. */
export function visible(text: string): string {
  return text.replace(NOT_DRAWN, asNumber);
}

/** The same for lines of our own making: they keep their ends. */
export function visibleLines(text: string): string {
  return text.replace(NOT_DRAWN, (character) => (/[\r\n]/.test(character) ? character : asNumber(character)));
}

function asNumber(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
