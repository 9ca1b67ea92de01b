// What is told otherwise where an endpoint of the application's makes the replays: who makes them, what goes on when people hold
// a run, and what was asked of the endpoint. What it sent to customers the bot does not know, and never says.
import type { Actor } from '../../domain/person.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Voice } from './voice.ts';

type Replayed = Pick<Batch, 'replayHost'>;

/** Whose endpoint it is, as data; null where the bot makes the replays itself. */
export function endpointOf({ replayHost }: Replayed, voice: Voice): string | null {
  return replayHost === null ? null : voice.quote(replayHost, 60);
}

/** Who makes the replays, as a sentence of its own; none where the bot does. */
export function replayedThere(batch: Replayed, voice: Voice, tense: 'are' | 'were' = 'are'): string[] {
  const host = endpointOf(batch, voice);
  return host === null ? [] : [`Replays ${tense} made by ${host}.`];
}

/** What still happens when a run is held, within a sentence. A call can't be called back. */
export function inHand({ replayHost }: Replayed): string {
  return replayHost === null
    ? 'the replays in hand finish'
    : 'up to 25 rows in a call finish at the endpoint';
}

/** What does not happen while a run is paused or the brake is on, within a sentence. */
export function nothingMore({ replayHost }: Replayed): string {
  return replayHost === null ? 'nothing is replayed' : 'nothing more is sent to the endpoint';
}

/** What a pause leaves under way, and what not, within a sentence. A run that pauses itself does so behind its call. */
export function whilePaused(batch: Replayed, by: Actor | null): string {
  if (batch.replayHost === null || by?.kind === 'system') return nothingMore(batch);
  return `${inHand(batch)}, and nothing more is sent`;
}

/** What the endpoint is or was asked about notifications, where that is all there is to say. */
export function askedToSuppress(
  { request }: Pick<Batch, 'request'>,
  tense: 'is' | 'was',
  voice: Voice,
): string {
  return request.suppress_notifications
    ? `🔕 The endpoint ${tense} asked to suppress notifications.`
    : `📣 ${voice.strong('Notifications are ON')}: the endpoint ${tense} not asked to suppress them.`;
}
