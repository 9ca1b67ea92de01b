// The two ways a fact is told: shown in blocks, and said in the top-level text. Sentences are written once and
// take a voice, so that the eye and the screen reader can't be told different things.
import type { Actor } from '../../domain/person.ts';
import { firstWords } from '../../text/beginning.ts';
import { plain, quote, quoteAloud } from '../../text/untrusted.ts';

export type Voice = {
  /** Text that isn't ours, made harmless, at most `max` code points of it. */
  readonly quote: (text: string, max: number) => string;
  readonly strong: (text: string) => string;
  readonly bullet: string;
};

export const SHOWN: Voice = { quote, strong: (text) => `*${text}*`, bullet: '• ' };

export const SAID: Voice = { quote: quoteAloud, strong: (text) => text, bullet: '- ' };

/** Where nothing is markup, to be pasted elsewhere. */
export const PASTED: Voice = { quote: plain, strong: (text) => text, bullet: '- ' };

/** Who did something, as a mention where it is a person in Slack. */
export function who(actor: Actor, voice: Voice): string {
  switch (actor.kind) {
    case 'slack':
      return mention(actor.userId, voice);
    case 'session':
      return `OnRamp user ${voice.quote(actor.user.email, 80)}`;
    case 'api_key':
      return `API key ${voice.quote(actor.name, 80)}`;
    case 'system':
      return `the bot itself (${voice.quote(actor.name, 40)})`;
  }
}

/** The same where there is little room: at most so many letters and words of what isn't an id of Slack's. */
export function whoBriefly(actor: Actor, voice: Voice, [letters, words]: readonly [number, number]): string {
  if (actor.kind === 'slack' && isUserId(actor.userId)) return mention(actor.userId, voice);
  return few(voice, nameOf(actor), [letters, words]);
}

function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'slack':
      return actor.userId;
    case 'session':
      return actor.user.email;
    case 'api_key':
    case 'system':
      return actor.name;
  }
}

/** Text that isn't ours, at most so many letters and words of it. */
export function few(voice: Voice, text: string, [letters, words]: readonly [number, number]): string {
  return voice.quote(firstWords(text, words), letters);
}

/** A mention, or the id as data where it doesn't look like one of Slack's. */
export function mention(userId: string, voice: Voice): string {
  return isUserId(userId) ? `<@${userId}>` : voice.quote(userId, 40);
}

function isUserId(userId: string): boolean {
  return /^[UW][A-Z0-9]{1,30}$/.test(userId);
}
