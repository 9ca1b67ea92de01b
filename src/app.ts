// The composition root: the only file that knows every part. It builds them, starts them in order and stops them
// in the reverse order; what the parts do is not its business.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { safely } from './engine/observer.ts';
import type { EnginePorts } from './engine/ports.ts';
import { createSlots } from './engine/replay/slots.ts';
import { createVendorGate } from './engine/replay/vendor-gate.ts';
import { createRunner } from './engine/run/runner.ts';
import { deliver } from './engine/upkeep/deliver.ts';
import { sweepUntil } from './engine/upkeep/sweep.ts';
import { ENDPOINT_PATH } from './http/endpoint.ts';
import { close, createHttpServer, listen, type Readiness } from './http/server.ts';
import { createSlowdown } from './http/slowdown.ts';
import { errorFields, type Log } from './log.ts';
import { createEdgeLog } from './metrics/edge-log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createSender } from './notify/sender.ts';
import {
  type Database,
  isWritable,
  openDatabase,
  reading,
  type TransactionKind,
} from './postgres/database.ts';
import { openQueue, type Queue } from './queue/boss.ts';
import { createReplayer } from './replay/replay.ts';
import { executeOptions, planOptions, runOptions, silentSeconds, slackOptions } from './settings.ts';
import { createSlackDoor, type SlackDoor } from './slack/slack.ts';
import { isBrakeOn } from './store/brake.ts';
import { findApiKey, findSession } from './store/callers.ts';
import { readGauges } from './store/gauges.ts';
import type { Replica } from './store/replica.ts';

export type App = {
  /** Everything the engine was given; for commands and tests that act without a door. */
  readonly ports: EnginePorts;
  readonly db: Database;
  /** Resolves when the process serves; answers the port it listens on. */
  start(): Promise<number>;
  /** Takes no more work, lets the replays in hand finish for up to ten seconds, and leaves runs to others. */
  stop(): Promise<void>;
};

/** What `createApp` is given besides the configuration. */
export type AppOptions = {
  readonly config: Config;
  readonly log: Log;
  /** Slack calls the token invalid; the process should say so and end. */
  readonly onInvalidToken: (error: string) => void;
};

const STOP_SECONDS = 10;
/** A run is given back by then, even with a replay in hand: the row's own locks keep it from being done twice. */
const GIVE_BACK_SECONDS = 8;

/** A scrape that the database keeps waiting says so rather than to wait. */
const SCRAPE = reading({ statementMs: 3000, lockMs: 1000, idleMs: 3000 });

const CLOCK: EnginePorts['clock'] = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** Builds the process out of its parts. Connects nothing yet. */
export function createApp({ config, log, onInvalidToken }: AppOptions): App {
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const warn = (error: unknown) => log.warn(errorFields(error), 'trouble');
  const db = openDatabase({
    url: config.DATABASE_URL,
    // Replays hold one connection each; planning, the endpoint and the views need some beside them.
    connections: config.REPLAY_CONCURRENCY + 8,
    name: 'retry-batch',
    onIdleError: warn,
  });
  const queue = openQueue(config.DATABASE_URL, warn);
  const sender = createSender({
    smtpUrl: config.SMTP_URL ?? null,
    mailFrom: config.MAIL_FROM ?? null,
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
  });
  // The door is built from the ports and the ports tell the door: one of them has to be late.
  let changed: EnginePorts['onChange'] = () => {};
  const metrics = createMetrics(() => db.transaction(readGauges, SCRAPE));
  const readDb = openReadDatabase(config, warn);
  const ports: EnginePorts = {
    db: {
      transaction: (work) => db.transaction(work),
      planning: (work) => db.transaction(work, planning(config)),
      autocommit: db,
    },
    replica: readDb === null ? null : replicaOf(config, readDb, log),
    replayer: createReplayer(queue.deliveries),
    runs: queue.runs,
    deliveries: queue.deliveries,
    sender,
    clock: CLOCK,
    observe: safely([metrics.observe, createEdgeLog(log)], warn),
    onChange: (batchId) => changed(batchId),
  };
  const slack = createSlackDoor(ports, {
    ...slackOptions(config),
    onInvalidToken,
    log: (fields, message) => log.info(fields, message),
    onError: (error, doing) => log.error({ doing, ...errorFields(error) }, 'slack trouble'),
    onPost: metrics.posted,
    onUntold: (untold) => log.error(untold, 'nobody could be told in Slack'),
  });
  changed = slack.changed;
  const slots = createSlots(config.REPLAY_CONCURRENCY, {
    perSecond: config.REPLAYS_PER_SECOND ?? null,
    ...ports.clock,
  });
  const vendors = createVendorGate(config.VENDOR_CONCURRENCY ?? config.REPLAY_CONCURRENCY);
  const stopping = new AbortController();
  const runner = createRunner(
    ports,
    { worker, slots, vendors, ...runOptions(config) },
    (batchId, left, error) => {
      if (left === 'trouble') log.warn({ batchId, ...errorFields(error) }, 'run interrupted');
      else if (left !== 'not_mine') log.info({ batchId, left }, 'run left');
    },
  );
  const server = createHttpServer({
    endpoint: {
      ports,
      credentials: { session: findSession, apiKey: findApiKey },
      plan: planOptions(config),
      execute: { worker, slots, vendors, ...executeOptions(config), stopping: () => stopping.signal.aborted },
      slowdown: createSlowdown(Date.now),
      publicOrigin: config.PUBLIC_ORIGIN,
      onUnauthenticated: (from) => {
        metrics.unauthenticated();
        log.warn({ from, path: ENDPOINT_PATH }, 'credential refused');
      },
    },
    slack: slack.listener,
    readiness: () => readiness(ports, db, queue, slack),
    scrape: metrics.scrape,
    trustProxy: config.TRUST_PROXY,
    onError: (error) => log.error(errorFields(error), 'request failed'),
  });
  let swept: Promise<void> = Promise.resolve();
  return {
    ports,
    db,
    start: async () => {
      await queue.start({
        run: async (batchId) => runner.start(batchId),
        deliver: async (id) => {
          const delivered = await deliver(ports, id);
          metrics.delivered(delivered);
          if (delivered === 'parked') log.warn({ notificationId: id }, 'notification parked');
        },
        deliveriesAtOnce: 20,
      });
      slack.start();
      const sweep = { silentSeconds: silentSeconds(config), retentionDays: config.PLAN_RETENTION_DAYS };
      swept = sweepUntil(ports, sweep, runner.start, stopping.signal, warn);
      return listen(server, config.PORT, config.HOST);
    },
    stop: async () => {
      stopping.abort();
      const runs = runner.stop(GIVE_BACK_SECONDS * 1000);
      const ended = Promise.all([swept, close(server), runs, queue.stop(STOP_SECONDS), slack.stop()]);
      // Nobody waits longer: what is left in hand is rolled back by the database when the connections go.
      const late = sleep(STOP_SECONDS * 1000, undefined, { ref: false });
      await Promise.race([ended.then(() => Promise.all([db.close(), readDb?.close()])), late]);
      sender.close();
    },
  };
}

/** The database of DATABASE_READ_URL, null where there is none. */
function openReadDatabase(config: Config, warn: (error: unknown) => void): Database | null {
  const url = config.DATABASE_READ_URL;
  return url === undefined
    ? null
    : openDatabase({ url, connections: 2, name: 'retry-batch dry runs', onIdleError: warn });
}

function replicaOf(config: Config, db: Database, log: Log): Replica {
  return {
    transaction: (work) => db.transaction(work, planning(config)),
    clock: CLOCK,
    onPassedOver: (why) => log.warn({ why }, 'dry run on the primary instead of the replica'),
  };
}

/** The primary's transaction sits idle while the replica classifies. */
function planning(config: Config): TransactionKind {
  const statementMs = config.PLAN_TIMEOUT_SECONDS * 1000;
  return reading({ statementMs, lockMs: 5000, idleMs: statementMs + 20_000 });
}

/** Database and queue decide; Slack being away is said, and keeps nobody from replaying. */
async function readiness(
  ports: EnginePorts,
  db: Database,
  queue: Queue,
  slack: SlackDoor,
): Promise<Readiness> {
  const slackSays = slack.status();
  try {
    const writable = await isWritable(db);
    const braked = await isBrakeOn(ports.db.autocommit);
    const queued = await queue.ready();
    const checks = {
      database: writable ? 'ok' : 'read only',
      queue: queued ? 'ok' : 'missing',
      brake: braked ? 'on' : 'off',
      slack: slackSays,
    };
    return { ready: writable && queued, checks };
  } catch {
    return {
      ready: false,
      checks: { database: 'unreachable', queue: 'unknown', brake: 'unknown', slack: slackSays },
    };
  }
}
