// The words that belong to no field, as a reader of everyday phrases looks at them. Must never lose one: punctuation behind a
// word goes, and nothing else.
import type { Quoted, Word } from '../words.ts';

/** `word` is the text in small letters; `source` as it was typed, quotes and all. `quoted`: what stood between quotes. */
export type Token = {
  readonly word: string;
  readonly source: string;
  readonly quoted: Quoted | null;
};

/** What one phrase says, and how many tokens it takes. */
export type Phrase<Found> = { readonly found: Found; readonly length: number };

/** The words of a command as tokens. A comma that stands alone says nothing. */
export function tokensOf(words: readonly Word[]): Token[] {
  return words.flatMap(({ name, value, source }) => {
    if (name === null && value !== null) return [{ word: '', source, quoted: value }];
    return plainTokens(source);
  });
}

/** The words of one text without quotes. */
export function plainTokens(text: string): Token[] {
  return text.split(/\s+/).flatMap((source) => {
    const bare = source.replace(/[,;]+$/, '');
    return bare === '' ? [] : [{ word: bare.toLowerCase(), source: bare, quoted: null }];
  });
}

/** What was typed, without its quotes, for a sentence about it. */
export function typed(tokens: readonly Token[]): string {
  return tokens.map(({ source, quoted }) => quoted?.text ?? source).join(' ');
}

/** The word at `at`; empty where there is none, or a text in quotes. */
export function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token === undefined || token.quoted !== null ? '' : token.word;
}
