// The connections of one process, by what they are for: none of them can take another's.
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { type Database, openDatabase, reading, type TransactionKind } from './postgres/database.ts';
import type { Replica } from './store/replica.ts';

/** How many dry runs a process plans at a time, and how many lists it reads. */
export const PLANS_AT_ONCE = 2;
const LISTS_AT_ONCE = 2;
const PAGES_AT_ONCE = 2;

/** The primary's transaction sits idle while the replica classifies. */
export function planning(config: Config): TransactionKind {
  const statementMs = config.PLAN_TIMEOUT_SECONDS * 1000;
  return reading({ statementMs, lockMs: 5000, idleMs: statementMs + 20_000 });
}

/** The replica as dry runs use it. */
export function replicaOf(config: Config, db: Database, log: Log, clock: Replica['clock']): Replica {
  return {
    transaction: (work) => db.transaction(work, planning(config)),
    clock,
    onPassedOver: (why) => log.warn({ why }, 'dry run on the primary instead of the replica'),
  };
}

export type Pools = {
  /** For replays, which hold one connection each, and beside them decisions, heartbeats, calls and views. */
  readonly db: Database;
  /** For dry runs and lists: whoever asks for many must not keep anybody from stopping a run. */
  readonly reads: Database;
  /** For the pages that people read in a browser. */
  readonly pages: Database;
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
  const pages = open(PAGES_AT_ONCE, 'retry-batch pages');
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
    pages,
    health,
    replica,
    close: async () => {
      await Promise.all([db, reads, pages, health, replica].map((one) => one?.close()));
    },
  };
}
