// The composition root: the only file that knows every part. It builds them, starts them in order and stops them
// in the reverse order; what the parts do is not its business.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { safely } from './engine/observer.ts';
import { askEndpoint } from './engine/plan/ask-endpoint.ts';
import { createTurns } from './engine/plan/turns.ts';
import type { EnginePorts, Replayer } from './engine/ports.ts';
import { createSlots } from './engine/replay/slots.ts';
import { createVendorGate } from './engine/replay/vendor-gate.ts';
import { createRunner } from './engine/run/runner.ts';
import { askUntil } from './engine/sentry/ask-due.ts';
import { createDeliveries } from './engine/upkeep/deliveries.ts';
import { sweepUntil } from './engine/upkeep/sweep.ts';
import { cached } from './http/cached.ts';
import { ENDPOINT_PATH, type EndpointOptions } from './http/endpoint.ts';
import { close, createHttpServer, createMetricsServer, listen, type Readiness } from './http/server.ts';
import { createSlowdown } from './http/slowdown.ts';
import { errorFields, type Log } from './log.ts';
import { createEdgeLog } from './metrics/edge-log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createSender } from './notify/sender.ts';
import { openPools, PLANS_AT_ONCE, planning, replicaOf } from './pools.ts';
import { type Database, isWritable, reading } from './postgres/database.ts';
import { openQueue, type Queue } from './queue/boss.ts';
import { createEndpointReplayer } from './replay/endpoint.ts';
import { createReplayer } from './replay/replay.ts';
import { createSentry } from './sentry/sentry.ts';
import {
  endpointOptions,
  executeOptions,
  planOptions,
  runOptions,
  sentryOptions,
  silentSeconds,
  slackOptions,
} from './settings.ts';
import { createSlackDoor, type SlackDoor } from './slack/slack.ts';
import { isBrakeOn } from './store/brake.ts';
import { findApiKey, findSession } from './store/callers.ts';
import { readGauges } from './store/gauges.ts';
import { pagesOf } from './web.ts';

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

/** Deliveries at once in a process, and of one customer. */
const DELIVERIES = { atOnce: 20, perCustomer: 4 } as const;

/** Health and metrics are read once in so long, however often they are asked for. */
const CACHED_MS = 1000;

/** A scrape that the database keeps waiting says so rather than to wait. */
const SCRAPE = reading({ statementMs: 3000, lockMs: 1000, idleMs: 3000 });

const CLOCK: EnginePorts['clock'] = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** Builds the process out of its parts. Connects nothing yet. */
export function createApp({ config, log, onInvalidToken }: AppOptions): App {
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const warn = (error: unknown) => log.warn(errorFields(error), 'trouble');
  const { db, reads, pages, health, replica, close: closePools } = openPools(config, warn);
  const queue = openQueue(config.DATABASE_URL, warn);
  const sender = createSender({
    smtpUrl: config.SMTP_URL ?? null,
    mailFrom: config.MAIL_FROM ?? null,
    allowPlain: config.SMTP_ALLOW_PLAIN,
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
  });
  const endpoint = endpointOptions(config);
  // The door is built from the ports and the ports tell the door: one of them has to be late.
  let changed: EnginePorts['onChange'] = () => {};
  const metrics = createMetrics(() => health.transaction(readGauges, SCRAPE));
  const scrape = cached(metrics.scrape, CACHED_MS, CLOCK.now);
  const ports: EnginePorts = {
    db: {
      transaction: (work) => db.transaction(work),
      planning: (work) => reads.transaction(work, planning(config)),
      autocommit: db,
      reading: reads,
    },
    replica: replica === null ? null : replicaOf(config, replica, log, CLOCK),
    replayer: endpoint === null ? createReplayer(queue.deliveries) : createEndpointReplayer(endpoint),
    runs: queue.runs,
    deliveries: queue.deliveries,
    sender,
    sentry: sentryOf(config),
    clock: CLOCK,
    observe: safely([metrics.observe, createEdgeLog(log)], warn),
    onChange: (batchId) => changed(batchId),
  };
  const plan = { ...planOptions(config), turns: createTurns(PLANS_AT_ONCE) };
  const slack = createSlackDoor(ports, {
    ...slackOptions(config),
    plan,
    onInvalidToken,
    log: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    onError: (error, doing) => log.error({ doing, ...errorFields(error) }, 'slack trouble'),
    onPost: metrics.posted,
    onWrongSignature: metrics.wrongSignature,
    onUntold: (untold) => log.error(untold, 'nobody could be told in Slack'),
  });
  changed = slack.changed;
  const deliveries = createDeliveries(ports, {
    ...DELIVERIES,
    onTried: (notificationId, tried) => {
      if (typeof tried !== 'string') return warn(tried.error);
      metrics.delivered(tried);
      if (tried === 'parked') log.warn({ notificationId }, 'notification parked');
    },
  });
  const slots = createSlots(config.REPLAY_CONCURRENCY, {
    perSecond: config.REPLAYS_PER_SECOND ?? null,
    ...ports.clock,
  });
  const vendors = createVendorGate(config.VENDOR_CONCURRENCY ?? config.REPLAY_CONCURRENCY);
  const callsInHand = new Set<string>();
  const stopping = new AbortController();
  const runner = createRunner(
    ports,
    { worker, slots, vendors, callsInHand, ...runOptions(config) },
    (batchId, left, error) => {
      if (left === 'trouble') log.warn({ batchId, ...errorFields(error) }, 'run interrupted');
      else if (left !== 'not_mine') log.info({ batchId, left }, 'run left');
    },
  );
  const looked = cached(() => readiness(health, queue), CACHED_MS, CLOCK.now);
  const requestFailed = (error: unknown) => log.error(errorFields(error), 'request failed');
  const served: EndpointOptions = {
    ports,
    credentials: { session: findSession, apiKey: findApiKey },
    plan,
    execute: { worker, slots, vendors, ...executeOptions(config), stopping: () => stopping.signal.aborted },
    slowdown: createSlowdown({
      now: Date.now,
      onFailures: (from, failures) =>
        log.warn({ from, failures, path: ENDPOINT_PATH }, 'credentials refused'),
    }),
    publicOrigin: config.PUBLIC_ORIGIN,
    requireSecondPerson: config.SLACK_REQUIRE_SECOND_PERSON,
    onUnauthenticated: metrics.unauthenticated,
  };
  const server = createHttpServer({
    endpoint: endpoint === null ? served : { servedBy: new URL(endpoint.url).host },
    slack: slack.listener,
    pages: pagesOf(config, served, { db: pages, linkOf: slack.linkOf, now: CLOCK.now }, log),
    readiness: async () => withOthers(await looked(), slack, ports.replayer),
    scrape: config.METRICS_PORT === undefined ? scrape : null,
    trustProxy: config.TRUST_PROXY,
    onError: requestFailed,
  });
  const metricsServer = createMetricsServer(scrape, requestFailed);
  let swept: Promise<unknown> = Promise.resolve();
  return {
    ports,
    db,
    start: async () => {
      await queue.start({
        run: async (batchId) => runner.start(batchId),
        deliver: deliveries.deliver,
        deliveriesAtOnce: DELIVERIES.atOnce,
      });
      slack.start();
      const refused = await askEndpoint(ports);
      if (refused !== null)
        log.warn({ refused }, "the endpoint that makes the replays does not take the bot's calls");
      const sweep = {
        silentSeconds: silentSeconds(config),
        retentionDays: config.PLAN_RETENTION_DAYS,
        worker,
        callsInHand,
      };
      swept = Promise.all([
        sweepUntil(ports, sweep, runner.start, stopping.signal, warn),
        askUntil(ports, stopping.signal, warn),
      ]);
      if (config.METRICS_PORT !== undefined) await listen(metricsServer, config.METRICS_PORT, config.HOST);
      return listen(server, config.PORT, config.HOST);
    },
    stop: async () => {
      stopping.abort();
      const runs = runner.stop(GIVE_BACK_SECONDS * 1000);
      const servers = [close(server), close(metricsServer)];
      const delivered = queue.stop(STOP_SECONDS).then(deliveries.idle);
      const ended = Promise.all([swept, ...servers, runs, delivered, slack.stop()]);
      // Nobody waits longer: what is left in hand is rolled back by the database when the connections go.
      const late = sleep(STOP_SECONDS * 1000, undefined, { ref: false });
      await Promise.race([ended.then(closePools), late]);
      sender.close();
    },
  };
}

function sentryOf(config: Config) {
  const options = sentryOptions(config);
  return options === null ? null : createSentry(options);
}

/** Database and queue decide. Asked for often, they are looked at once a moment. */
async function readiness(health: Database, queue: Queue): Promise<Readiness> {
  try {
    const writable = await isWritable(health);
    const braked = await isBrakeOn(health);
    const queued = await queue.ready();
    const checks = {
      database: writable ? 'ok' : 'read only',
      queue: queued ? 'ok' : 'missing',
      brake: braked ? 'on' : 'off',
    };
    return { ready: writable && queued, checks };
  } catch {
    return { ready: false, checks: { database: 'unreachable', queue: 'unknown', brake: 'unknown' } };
  }
}

/** Slack and the endpoint being away is said, and keeps nobody from deciding. */
function withOthers({ ready, checks }: Readiness, slack: SlackDoor, replayer: Replayer): Readiness {
  const endpoint = replayer.kind === 'endpoint' ? { endpoint: replayer.status() } : {};
  return { ready, checks: { ...checks, slack: slack.status(), ...endpoint } };
}
