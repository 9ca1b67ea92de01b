// Keeps to Slack's pace of about one post a second in a channel; a few at once are tolerated.
import { remember } from '../../domain/remember.ts';
import { Stopping } from './trouble.ts';

export type Pacer = {
  /** Resolves when the channel may have another post. Throws Stopping where the process is to end before that. */
  turn(channelId: string): Promise<void>;
};

const BURST = 5;
const REFILL_MS = 1000;
const MAX_CHANNELS = 1000;

/** `clock` in milliseconds; each channel has its own pace. After `stopping` nobody waits, and nothing more is posted. */
export function createPacer(
  clock: { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> },
  stopping: AbortSignal,
): Pacer {
  // For each channel, when its bucket will be full again.
  const fullAt = new Map<string, number>();
  return {
    turn: async (channelId) => {
      const now = clock.now();
      const full = Math.max(now, fullAt.get(channelId) ?? 0) + REFILL_MS;
      remember(fullAt, channelId, full, MAX_CHANNELS);
      const wait = full - now - BURST * REFILL_MS;
      if (wait > 0) await clock.sleep(wait, stopping);
      if (stopping.aborted) throw new Stopping();
    },
  };
}
