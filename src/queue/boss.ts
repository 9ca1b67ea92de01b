// pg-boss on the same Postgres, in its own schema. A job only says "go on with this"; the truth is in our own
// tables, so any job may run twice, late, or not at all.

import { setTimeout as sleep } from 'node:timers/promises';
import { secondsInDay, secondsInWeek } from 'date-fns/constants';
import type pg from 'pg';
import { type Db, PgBoss } from 'pg-boss';
import type { Deliveries, Runs } from '../engine/ports.ts';
import { settle } from '../postgres/session.ts';
import { prepared, type Statement, type Tx, together } from '../postgres/tx.ts';
import { HeardClient, hearEveryClient } from './heard-client.ts';

hearEveryClient();

const SCHEMA = 'retry_batch_queue';
const RUN_QUEUE = 'runs';
const DELIVERY_QUEUE = 'deliveries';
/** The second is half a minute where nothing is said: a missed notification would hold a job back that long. */
const POLLING = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 } as const;

/** A receiver that takes its time holds up the others of its batch, and no more than those. */
const DELIVERY_WORKERS = 4;

/** Handed on to pg: a worker whose connection is swallowed would wait for its next job for ever. */
const CONNECTIONS = {
  query_timeout: 30_000,
  Client: HeardClient,
  onConnect: (client: pg.ClientBase) => settle(client, 'bot'),
} as const;

/** An upgrade of the queue's schema is one long statement, and the owner's. */
const UPGRADE = {
  query_timeout: 60_000,
  onConnect: (client: pg.ClientBase) => settle(client, 'owner'),
} as const;
const SUPERVISE_MS = 10_000;
/** A goodbye that is swallowed is not waited for. */
const GOODBYE_MS = 5000;

export type Queue = {
  readonly runs: Runs;
  readonly deliveries: Deliveries;
  /** Connects and begins to fetch; each handler is given one id at a time. */
  start(handlers: QueueHandlers): Promise<void>;
  /** Stops fetching; jobs in hand have up to `seconds` to finish. */
  stop(seconds: number): Promise<void>;
  /** Whether the queue's own tables can be reached. */
  ready(): Promise<boolean>;
};

export type QueueHandlers = {
  readonly run: (batchId: string) => Promise<void>;
  readonly deliver: (notificationId: string) => Promise<void>;
  /** How many deliveries at once in this process. */
  readonly deliveriesAtOnce: number;
};

/** Creates and upgrades the queue's schema and its two queues. `url` is the role that owns them. */
export async function migrateQueue(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    supervise: false,
    schedule: false,
    registerInstance: false,
    max: 2,
    ...CONNECTIONS,
    ...UPGRADE,
  });
  boss.on('error', () => {});
  await boss.start();
  try {
    // A run job only starts a run; a delivery job makes one try and queues the next try itself.
    await createOnce(boss, RUN_QUEUE, { retryLimit: 5, retryDelay: 1, expireInSeconds: 60, notify: true });
    await createOnce(boss, DELIVERY_QUEUE, { retryLimit: 5, retryDelay: 5, expireInSeconds: 60 });
    // Transactions that notify commit one after the other, each with its own flush to disk: replays would queue up for
    // the sake of two seconds. An earlier release had made the queue with it.
    await boss.updateQueue(DELIVERY_QUEUE, { notify: false });
  } finally {
    await leave(boss);
  }
}

async function leave(boss: PgBoss): Promise<void> {
  await Promise.race([boss.stop({ graceful: false }), sleep(GOODBYE_MS, undefined, { ref: false })]);
}

async function createOnce(boss: PgBoss, name: string, options: Parameters<PgBoss['createQueue']>[1]) {
  const kept = { deleteAfterSeconds: secondsInDay, retentionSeconds: secondsInWeek };
  if ((await boss.getQueue(name)) === null) await boss.createQueue(name, { ...kept, ...options });
}

/** The queue of one process. It never creates or alters anything: `migrateQueue` did. */
export function openQueue(url: string, onError: (error: Error) => void): Queue {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    application_name: 'retry-batch queue',
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    useListenNotify: true,
    // Its own supervision also writes when it last looked into `version`, by which the owner's session is told what to
    // migrate: the bot's role may only read that.
    supervise: false,
    max: 4,
    ...CONNECTIONS,
  });
  boss.on('error', onError);
  const supervising = new AbortController();
  return {
    runs: {
      enqueue: async (tx, batchId) => {
        await boss.send(RUN_QUEUE, { id: batchId }, { db: through(tx) });
      },
    },
    deliveries: deliveriesOf(boss),
    start: async (handlers) => {
      await boss.start();
      void supervise(boss, supervising.signal, onError);
      // A notification wakes a worker once, however many jobs there are: it fetches on while fetches come back full.
      const runs = { ...POLLING, batchSize: 10, burstWhenBatchFull: true };
      await boss.work<{ id: string }>(RUN_QUEUE, runs, async (jobs) => {
        for (const { data } of jobs) await handlers.run(data.id);
      });
      const deliveries = {
        ...POLLING,
        localConcurrency: DELIVERY_WORKERS,
        batchSize: Math.ceil(handlers.deliveriesAtOnce / DELIVERY_WORKERS),
        burstWhenBatchFull: true,
      };
      await boss.work<{ id: string }>(DELIVERY_QUEUE, deliveries, async (jobs) => {
        // One that is tried twice because another of its batch failed finds nothing to do.
        await together(...jobs.map(({ data }) => handlers.deliver(data.id)));
      });
    },
    stop: (seconds) => {
      supervising.abort();
      return boss.stop({ graceful: true, timeout: seconds * 1000 });
    },
    ready: async () => (await boss.schemaVersion()) !== null,
  };
}

/** Finds, every ten seconds, the jobs of processes that died, and deletes those that were done long ago. */
async function supervise(boss: PgBoss, signal: AbortSignal, onError: (error: Error) => void): Promise<void> {
  while (!signal.aborted) {
    await sleep(SUPERVISE_MS, undefined, { signal, ref: false }).catch(() => {});
    if (!signal.aborted) await boss.supervise().catch(onError);
  }
}

/** Queues deliveries for an operator's command: fetches nothing, and is gone when `work` is done. */
export async function withDeliveries<Result>(
  url: string,
  work: (deliveries: Deliveries) => Promise<Result>,
): Promise<Result> {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    application_name: 'retry-batch command',
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
    max: 1,
    ...CONNECTIONS,
  });
  // What fails is thrown to the caller too.
  boss.on('error', () => {});
  // It refuses to look a queue up before it has started, even to write through another connection.
  await boss.start();
  try {
    return await work(deliveriesOf(boss));
  } finally {
    await leave(boss);
  }
}

function deliveriesOf(boss: PgBoss): Deliveries {
  // One text for each queue; every replay that notifies somebody runs it.
  const planned = new Map<string, Statement>();
  const planOnce = (text: string): Statement => {
    const statement = planned.get(text) ?? prepared(`queue ${planned.size}`, text);
    planned.set(text, statement);
    return statement;
  };
  return {
    enqueue: async (tx, ids, afterSeconds = 0) => {
      const jobs = ids.map((id) => ({ data: { id }, startAfter: afterSeconds }));
      if (jobs.length > 0) await boss.insert(DELIVERY_QUEUE, jobs, { db: through(tx, planOnce) });
    },
  };
}

/** pg-boss writes the job through the caller's transaction. */
function through(tx: Tx, statement: (text: string) => Statement = (text) => text): Db {
  return { executeSql: (text, values) => tx.query(statement(text), values) };
}
