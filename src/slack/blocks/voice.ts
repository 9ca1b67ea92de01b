// The two ways a fact is told: shown in blocks, and said in the top-level text. Sentences are written once and
// take a voice, so that the eye and the screen reader can't be told different things.
import type { Actor } from '../../domain/person.ts';
import { quote, quoteAloud } from '../../text/untrusted.ts';

export type Voice = {
  /** Text that isn't ours, made harmless, at most `max` code points of it. */
  readonly quote: (text: string, max: number) => string;
  readonly strong: (text: string) => string;
  readonly bullet: string;
};

export const SHOWN: Voice = { quote, strong: (text) => `*${text}*`, bullet: '• ' };

export const SAID: Voice = { quote: quoteAloud, strong: (text) => text, bullet: '- ' };

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

/** A mention, or the id as data where it doesn't look like one of Slack's. */
export function mention(userId: string, voice: Voice): string {
  return /^[UW][A-Z0-9]{1,30}$/.test(userId) ? `<@${userId}>` : voice.quote(userId, 40);
}
