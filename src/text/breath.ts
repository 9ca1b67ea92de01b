// Long work on text lets others have the event loop: a click has to be acknowledged while a list is written.
import { setImmediate } from 'node:timers/promises';

/** So long at a stretch; nothing that waits is noticed. */
const STRETCH_MS = 10;

/** Call it between two pieces of work; it waits for others where a stretch is over, and answers at once where not. */
export function createBreath(now: () => number = performance.now.bind(performance)): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < STRETCH_MS) return;
    await setImmediate();
    since = now();
  };
}
