// What a process does again and again for as long as it runs.
import type { Clock } from './ports.ts';

/**
 * Does `work` now, and again `pauseMs` after each time, until `signal` fires. What goes wrong is reported to `warn`, and it is tried
 * again. Never throws.
 */
export async function every(
  clock: Pick<Clock, 'sleep'>,
  pauseMs: number,
  signal: AbortSignal,
  work: () => Promise<unknown>,
  warn: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      warn(error);
    }
    await clock.sleep(pauseMs, signal);
  }
}
