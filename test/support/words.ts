// How many words somebody has to read: a message as Slack draws it, its buttons included, tables and files not.
import type { Message } from '../../src/slack/blocks/message.ts';

type Drawn = { readonly blocks?: unknown };

/** Everything that a message's blocks say, with dates, people, links and signs as Slack draws them. Dialogs, tables and texts to paste aren't drawn. */
export function drawn({ blocks }: Drawn): string {
  const texts: string[] = [];
  JSON.stringify(blocks ?? [], (key, value) => {
    if (key === 'confirm' || value?.type === 'table' || value?.type === 'rich_text_preformatted')
      return undefined;
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts
    .join('\n')
    .replace(/<!date\^[^>]*>/g, 'May 11, 2026 at 6:05:00 PM')
    .replace(/<@[^>]*>/g, 'Priya Shah')
    .replace(/<[^>|]*\|([^>]*)>/g, '$1')
    .replace(/&(?:amp|lt|gt);/g, '&');
}

/** Its words, as a person counts them: bullets and separators are none. */
export function wordCount(...messages: readonly (Drawn | Message)[]): number {
  const words = messages.flatMap((one) => drawn(one).split(/\s+/));
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
