// How many words a message shows: what a reader has to get through before deciding. Counted as a person would: signs and
// emoji are no words, `Acme` in code is one, a time is as many as Slack draws.
import type { KnownBlock } from '@slack/types';
import type { Message } from './message.ts';

/** How many words one sign of Slack's dates becomes: `May 11, 2026`, `12:30 PM`. */
const DATE_WORDS: readonly (readonly [sign: RegExp, words: number])[] = [
  [/\{date[a-z_]*\}/g, 3],
  [/\{time[a-z_]*\}/g, 2],
];

const MENTION = /<[@#!][^<>|]*(?:\|([^<>]*))?>/g;

/** The words of mrkdwn or plain text; a mention is a name of two. */
export function wordsIn(text: string): number {
  const shown = text
    .replace(/<!date\^\d+\^([^|^<>]*)[^<>]*>/g, (_, format: string) => ` ${dateWords(format)} `)
    .replace(MENTION, ' two words ')
    .replace(/<[^<>|]*\|([^<>]*)>/g, ' $1 ')
    .replace(/&(amp|lt|gt);/g, '&');
  return shown.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function dateWords(format: string): string {
  const count = DATE_WORDS.reduce((sum, [sign, words]) => sum + words * (format.match(sign)?.length ?? 0), 0);
  return Array.from({ length: count }, () => 'word').join(' ');
}

/** The words of a message on the screen, labels of its buttons included; of a table, which is a list, and of a text to paste, none. */
export function wordsOf({ blocks }: Pick<Message, 'blocks'>): number {
  return blocks.reduce((sum, block) => sum + wordsOfBlock(block), 0);
}

function wordsOfBlock(block: KnownBlock): number {
  switch (block.type) {
    case 'header':
    case 'section':
      return wordsIn(block.text?.text ?? '');
    case 'context':
      return block.elements.reduce((sum, one) => sum + ('text' in one ? wordsIn(one.text) : 0), 0);
    case 'actions':
      return block.elements.reduce(
        (sum, one) => sum + ('text' in one && one.type === 'button' ? wordsIn(one.text.text) : 0),
        0,
      );
    default:
      return 0;
  }
}
