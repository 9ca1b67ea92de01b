// A Sentry on this machine for the tests of a file; it ends with them.
import { type RunningSentry, type SentryOptions, startSentry } from '../../src/dev/sentry/start.ts';
import { atTheEnd, once } from './shared.ts';

/** Resolves when it listens. */
export async function startFarSentry(options: SentryOptions = {}): Promise<RunningSentry> {
  const sentry = await startSentry(options);
  const stop = once(() => sentry.stop());
  atTheEnd(stop);
  return { ...sentry, stop };
}
