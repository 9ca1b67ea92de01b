// Emoji as Slack sends them: whatever was picked or typed reaches an app as `:name:`.
import { emojiData } from 'slack-to-html/emoji';

const AS_PICTURE = '\ufe0f';
const SKIN_TONES = /[\u{1f3fb}-\u{1f3ff}]/u;
const FIRST_TONE = 0x1f3fb;

const characters = (code: string): string =>
  String.fromCodePoint(...code.split('-').map((part) => Number.parseInt(part, 16)));

const bare = (emoji: string): string => emoji.replaceAll(AS_PICTURE, '');

/** Of an emoji with several names the first is the one. */
const NAMES = new Map(
  Object.entries(emojiData)
    .toReversed()
    .map(([name, code]) => [bare(characters(code)), name]),
);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function named(grapheme: string): string {
  const whole = NAMES.get(bare(grapheme));
  // Digits and letters are parts of some names, and none themselves.
  if (whole !== undefined && !/^[\d#*]$/.test(grapheme)) return `:${whole}:`;
  const tone = SKIN_TONES.exec(grapheme)?.[0];
  const bearer = tone && NAMES.get(bare(grapheme.replace(tone, '')));
  return bearer ? `:${bearer}::skin-tone-${2 + Number(tone.codePointAt(0)) - FIRST_TONE}:` : grapheme;
}

/** The text with each emoji's name in its place. */
export function asShortcodes(text: string): string {
  if (!/[^\p{ASCII}]/u.test(text)) return text;
  return [...graphemes.segment(text)].map(({ segment }) => named(segment)).join('');
}
