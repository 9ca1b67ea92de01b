// Emoji in a command: Slack sends `:tada:` for 🎉, whether it was picked or typed. Must never touch colons that belong to
// a word, such as a time's or a namespace's.
import { readFileSync } from 'node:fs';

/** Slack's names and what is typed for them, as the package slack-to-html (MIT) has them; no custom emoji among them. */
const NAMES = new Map<string, unknown>(
  Object.entries(JSON.parse(readFileSync(new URL('./emoji-names.json', import.meta.url), 'utf8'))),
);

const NAME = "[a-z0-9_+'-]{1,80}";
/** One or more of them, side by side, and no part of a word. */
const RUN = new RegExp(`(?<![\\p{L}\\p{N}_:])(?::${NAME}:)+(?![\\p{L}\\p{N}_:])`, 'gu');
const ONE = new RegExp(`:(${NAME}):`, 'g');

const SKIN_TONE = /^skin-tone-\d$/;
/** Asks for the picture; what bears a skin tone has none. */
const AS_PICTURE = '\ufe0f';

/** Where a text would be read as an emoji: the colon that has to be written otherwise. */
export const BEFORE_EMOJI = `(?<![\\p{L}\\p{N}_:]):(?=${NAME}:)`;

/** The text with the emoji whose names are known as they were typed. */
export function withEmoji(text: string): string {
  return text.replaceAll(RUN, (run) => {
    const read: string[] = [];
    for (const [named, name = ''] of run.matchAll(ONE)) {
      const emoji = emojiOf(name);
      const bearer = SKIN_TONE.test(name) ? read.pop() : undefined;
      read.push(bearer === undefined ? (emoji ?? named) : toned(bearer, emoji ?? named));
    }
    return read.join('');
  });
}

/** What the operator should know: which names were read as emoji, and which look like one and are not known. */
export function emojiNotes(text: string): string[] {
  const names = [...text.matchAll(RUN)].flatMap(([run]) =>
    [...run.matchAll(ONE)].map(([, name = '']) => name),
  );
  return [...new Set(names)].flatMap((name) => {
    const emoji = emojiOf(name);
    if (emoji !== undefined)
      return [
        `:${name}: was read as ${emoji}, which Slack sends so; for the name itself write \\u003a${name}: in a JSON body`,
      ];
    if (!/[a-z]/.test(name)) return [];
    return [`:${name}: is searched for as it stands: no emoji of that name is known here`];
  });
}

function emojiOf(name: string): string | undefined {
  const emoji = NAMES.get(name);
  return typeof emoji === 'string' ? emoji : undefined;
}

/** 🤷‍♂️ is a person and a sign: the tone stands behind the person. */
function toned(bearer: string, tone: string): string {
  const [person = '', ...rest] = bearer;
  return [person, tone, ...(rest[0] === AS_PICTURE ? rest.slice(1) : rest)].join('');
}
