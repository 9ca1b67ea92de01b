// A benchmark that is stopped from outside. What it has measured is printed and what it started is ended, so that a signal
// is an answer here and no end of the process.
export type Signal = 'SIGINT' | 'SIGTERM';

/** What a process that such a signal ends leaves as its exit code: 128 and the signal's number. */
export const EXIT_CODES: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 };

/**
 * Resolves with the first signal; the ones after it change nothing. The embedded server's own listeners are taken away:
 * they would end the process with bots and data left behind.
 */
export function firstSignal(): Promise<Signal> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => resolve(signal));
    }
  });
}
