// What a person sees when it doesn't work: Slack's own words, to that person only.
import type { Core } from '../core.ts';
import type { Delivery } from '../delivery/deliver.ts';
import { whisper } from '../world/posting.ts';

/** What stands at the top of a modal whose app didn't answer in time, or answered nonsense; from public reports. */
export const TROUBLE = 'We had some trouble connecting. Try again?';

/** A delivery that never left Slack, of which the person is told nothing. */
export const silent = (reason: string): Delivery => ({
  id: 'none',
  outcome: 'not_sent',
  body: '',
  contentType: '',
  reason,
});

/** A delivery that never left Slack, and what the person was told. */
export function notSent(core: Core, user: string, channel: string, reason: string): Delivery {
  whisper(core.world, user, 'slack', { channel }, { text: reason, parse: 'none' });
  return silent(reason);
}

/** Tells the person that the app didn't answer, where it didn't. */
export function tellOfFailure(
  core: Core,
  delivery: Delivery,
  user: string,
  channel: string,
  what: string,
): void {
  if (delivery.outcome !== 'operation_timeout' && delivery.outcome !== 'dispatch_failed') return;
  const text = `${what} failed with the error "${delivery.outcome}"`;
  whisper(core.world, user, 'slack', { channel }, { text, parse: 'none' });
}
