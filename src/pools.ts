// The connections of one process, by what they are for: none of them can take another's.
import type { Config } from './config.ts';
import { type Database, openDatabase } from './postgres/database.ts';

/** How many dry runs a process plans at a time, and how many lists it reads. */
export const PLANS_AT_ONCE = 2;
const LISTS_AT_ONCE = 2;

export type Pools = {
  /** For replays, which hold one connection each, and beside them decisions, heartbeats, calls and views. */
  readonly db: Database;
  /** For dry runs and lists: whoever asks for many must not keep anybody from stopping a run. */
  readonly reads: Database;
  /** For health and metrics. */
  readonly health: Database;
  /** Of DATABASE_READ_URL, for dry runs; null where there is none. */
  readonly replica: Database | null;
  close(): Promise<void>;
};

/** Opens them all; none of them connects before it is used. `onIdleError`: an idle connection broke, and is replaced. */
export function openPools(config: Config, onIdleError: (error: Error) => void): Pools {
  const { DATABASE_URL: url, DATABASE_READ_URL: readUrl } = config;
  const open = (connections: number, name = 'retry-batch') =>
    openDatabase({ url, connections, name, onIdleError });
  const db = open(config.REPLAY_CONCURRENCY + 5);
  const reads = open(PLANS_AT_ONCE + LISTS_AT_ONCE);
  const health = open(1, 'retry-batch health');
  const replica =
    readUrl === undefined
      ? null
      : openDatabase({
          url: readUrl,
          connections: PLANS_AT_ONCE,
          name: 'retry-batch dry runs',
          of: 'reader',
          onIdleError,
        });
  return {
    db,
    reads,
    health,
    replica,
    close: async () => {
      await Promise.all([db, reads, health, replica].map((one) => one?.close()));
    },
  };
}
