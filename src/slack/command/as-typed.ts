// What the operator typed, before Slack, phones and Macs changed it. Must never decode twice, and never
// touch quotes or dashes: what those mean depends on where they stand (see words.ts).
import { withEmoji } from './emoji.ts';

// One pass over Slack's own markup and its three entities, so that `&amp;lt;` ends as `&lt;`.
const MARKUP =
  /<((?:https?|ftp|mailto|tel):[^<>|]*|@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!(?:here|channel|everyone|subteam\^[A-Z0-9]+))(?:\|([^<>]*))?>|&(?:amp|lt|gt);/gi;

/**
 * The text with links, mentions and emoji as they were typed, entities decoded exactly once, no-break spaces as
 * spaces, and zero-width spaces and marks of a direction gone; without a code fence around it and without a repeated command name.
 */
export function asTyped(text: string): string {
  const typed = text
    .replaceAll(MARKUP, (whole: string, target?: string, label?: string) =>
      target === undefined ? decodeEntities(whole) : unwrap(whole, target, label),
    )
    .replaceAll(/[\u00a0\u2007\u202f]/g, ' ')
    .replaceAll(/[\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
  return withEmoji(unfence(withoutCommand(unfence(typed.trim()))));
}

/** What stood in the message before Slack wrapped it: the label where there is one. */
function unwrap(whole: string, target: string, label: string | undefined): string {
  const shown = decodeEntities(label ?? '');
  const bare = decodeEntities(target);
  switch (bare[0]) {
    case '@':
    case '#':
      // Without a label only an id is left of the name that was typed; it stays as it came.
      return shown === '' ? whole : `${bare[0]}${shown}`;
    case '!':
      if (shown !== '') return shown.startsWith('@') ? shown : `@${shown}`;
      return bare.includes('^') ? whole : `@${bare.slice(1)}`;
    default:
      return shown === '' ? bare.replace(/^(?:mailto|tel):/i, '') : shown;
  }
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(amp|lt|gt);/gi, (_, name: string) => {
    const entity = name.toLowerCase();
    return entity === 'amp' ? '&' : entity === 'lt' ? '<' : '>';
  });
}

/** Takes a code fence off, as it comes with a body copied out of a message; and the quotes of curl's `-d`. */
function unfence(text: string): string {
  if (text.length >= 6 && text.startsWith('```') && text.endsWith('```')) {
    return text
      .slice(3, -3)
      .replace(/^(?:json\b|(?:bash|sh|shell|zsh|console)\s)/i, '')
      .trim();
  }
  if (text.length >= 2 && text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1).trim();
  if (text.startsWith("'{") && text.endsWith("}'")) return text.slice(1, -1);
  return text;
}

/** A pasted command repeats its own name after the one that was already there. */
function withoutCommand(text: string): string {
  return text.replace(/^\/retry-batch(?:\s+|$)/i, '');
}
