// Tells whoever watches that something changed, and waits for a state of affairs without polling or sleeping.
import type { Change } from './model.ts';

export interface Changes {
  announce(change: Change): void;
  /** Calls the listener after every change; the answer stops it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Resolves with the first value that is not undefined, null or false; looks again after every change. */
  until<T>(look: () => T | undefined | null | false, timeoutMs: number, describe: () => string): Promise<T>;
  /** Lets nobody wait any longer. */
  close(): void;
}

/** A fresh, silent set of watchers. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  const waits = new Set<(error: Error) => void>();
  const subscribe = (listener: (change: Change) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    announce(change) {
      for (const listener of [...listeners]) listener(change);
    },
    subscribe,
    until(look, timeoutMs, describe) {
      return new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          waits.delete(fail);
          stop();
        };
        const fail = (error: unknown): void => {
          done();
          reject(error);
        };
        const attempt = (): void => {
          try {
            const found = look();
            if (found === undefined || found === null || found === false) return;
            done();
            resolve(found);
          } catch (error) {
            fail(error);
          }
        };
        const stop = subscribe(attempt);
        const timer = setTimeout(() => fail(new Error(describe())), timeoutMs);
        waits.add(fail);
        attempt();
      });
    },
    close() {
      for (const fail of [...waits]) fail(new Error('the local Slack was stopped'));
    },
  };
}
