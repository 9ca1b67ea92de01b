// The engine's ports, put together out of the adapters.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import type { EnginePorts } from './engine/ports.ts';
import type { Log } from './log.ts';
import { type Database, openDatabase, type Timeouts } from './postgres/database.ts';
import type { Queue } from './queue/boss.ts';
import { createReplayer } from './replay/replay.ts';
import { audit } from './store/audit.ts';
import { batches } from './store/batches.ts';
import { brake } from './store/brake.ts';
import { holds } from './store/holds.ts';
import { identities } from './store/identities.ts';
import { lists } from './store/lists.ts';
import { notifications } from './store/notifications.ts';
import { createPlans } from './store/plans.ts';
import { pruning } from './store/pruning.ts';
import type { Replica } from './store/replica.ts';
import { reports } from './store/reports.ts';
import { slackDeliveries, threads } from './store/threads.ts';
import { turns } from './store/turns.ts';

/** The database of DATABASE_READ_URL, null where there is none. */
export function openReadDatabase(config: Config, warn: (error: unknown) => void): Database | null {
  const url = config.DATABASE_READ_URL;
  return url === undefined
    ? null
    : openDatabase({ url, connections: 2, name: 'retry-batch dry runs', onIdleError: warn });
}

function replicaOf(config: Config, db: Database, log: Log): Replica {
  return {
    transaction: (work) => db.transaction(work, planningTimeouts(config)),
    clock: CLOCK,
    onPassedOver: (why) => log.warn({ why }, 'dry run on the primary instead of the replica'),
  };
}

/** The primary's transaction sits idle while the replica classifies. */
function planningTimeouts(config: Config): Timeouts {
  const statementMs = config.PLAN_TIMEOUT_SECONDS * 1000;
  return { statementMs, lockMs: 5000, idleMs: statementMs + 20_000 };
}

const CLOCK: EnginePorts['clock'] = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** Everything the engine is given, on these databases; dry runs are classified on `readDb` where there is one. */
export function createPorts(
  config: Config,
  parts: {
    readonly db: Database;
    readonly readDb: Database | null;
    readonly queue: Queue;
    readonly sender: EnginePorts['sender'];
    readonly log: Log;
  },
  onChange: EnginePorts['onChange'],
): EnginePorts {
  const { db, readDb, queue, sender, log } = parts;
  return {
    db: {
      transaction: (work) => db.transaction(work),
      line: () => db.line(),
      planning: (work) => db.transaction(work, planningTimeouts(config)),
      autocommit: db,
    },
    plans: createPlans(readDb === null ? null : replicaOf(config, readDb, log)),
    batches,
    turns,
    holds,
    replayer: createReplayer(queue.deliveries),
    audit,
    reports,
    lists,
    identities,
    brake,
    threads,
    slackDeliveries,
    runs: queue.runs,
    deliveries: queue.deliveries,
    notifications,
    sender,
    pruning,
    clock: CLOCK,
    onChange,
  };
}
