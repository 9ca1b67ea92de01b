// The composition root: the only file that knows every part. It builds them, starts them in order and stops them
// in the reverse order; what the parts do is not its business.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { safely } from './engine/observer.ts';
import { askEndpoint } from './engine/plan/ask-endpoint.ts';
import type { PlanOptions } from './engine/plan/preview.ts';
import { createTurns } from './engine/plan/turns.ts';
import type { EnginePorts } from './engine/ports.ts';
import { createSlots } from './engine/replay/slots.ts';
import { createVendorGate } from './engine/replay/vendor-gate.ts';
import { createRunner } from './engine/run/runner.ts';
import { askUntil } from './engine/sentry/ask-due.ts';
import { createDeliveries } from './engine/upkeep/deliveries.ts';
import { sweepUntil } from './engine/upkeep/sweep.ts';
import { close, listen } from './http/server.ts';
import { errorFields, type Log } from './log.ts';
import { createEdgeLog } from './metrics/edge-log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createSender } from './notify/sender.ts';
import { openPools, PLANS_AT_ONCE, type Pools, planning, replicaOf } from './pools.ts';
import { type Database, reading } from './postgres/database.ts';
import { openQueue, type Queue } from './queue/boss.ts';
import { createEndpointReplayer } from './replay/endpoint.ts';
import { createReplayer } from './replay/replay.ts';
import { createSentry } from './sentry/sentry.ts';
import {
  endpointOptions,
  executeOptions,
  planOptions,
  runOptions,
  senderOptions,
  sentryOptions,
  silentSeconds,
  slackOptions,
} from './settings.ts';
import { createSlackDoor, type SlackDoor } from './slack/slack.ts';
import { readGauges } from './store/gauges.ts';
import { serversOf } from './web.ts';

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

/** A scrape that the database keeps waiting says so rather than to wait. */
const SCRAPE = reading({ statementMs: 3000, lockMs: 1000, idleMs: 3000 });

const CLOCK: EnginePorts['clock'] = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** What the ports are made of, and what outlives them. */
type Parts = AppOptions & {
  readonly pools: Pools;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly warn: (error: unknown) => void;
};

/** Builds the process out of its parts. Connects nothing yet. */
export function createApp(options: AppOptions): App {
  const { config, log } = options;
  const worker = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const warn = (error: unknown) => log.warn(errorFields(error), 'trouble');
  const pools = openPools(config, warn);
  const queue = openQueue(config.DATABASE_URL, warn);
  const sender = createSender(senderOptions(config));
  const metrics = createMetrics(() => pools.health.transaction(readGauges, SCRAPE));
  const parts: Parts = { ...options, pools, queue, metrics, warn };
  // The door is built from the ports and the ports tell the door: one of them has to be late.
  let changed: EnginePorts['onChange'] = () => {};
  const ports = portsOf(parts, sender, (batchId) => changed(batchId));
  const plan = { ...planOptions(config), turns: createTurns(PLANS_AT_ONCE) };
  const slack = slackOf(parts, ports, plan);
  changed = slack.changed;
  const deliveries = deliveriesOf(parts, ports);
  const stopping = new AbortController();
  const { shared, callsInHand, runner } = runnerOf(parts, ports, worker);
  const execute = { ...shared, ...executeOptions(config), stopping: () => stopping.signal.aborted };
  const { server, metricsServer } = serversOf({ ...parts, ports, plan, execute, slack });
  const sweep = {
    ...{ worker, callsInHand },
    silentSeconds: silentSeconds(config),
    retentionDays: config.PLAN_RETENTION_DAYS,
  };
  let swept: Promise<unknown> = Promise.resolve();
  return {
    ports,
    db: pools.db,
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
      await Promise.race([ended.then(pools.close), late]);
      sender.close();
    },
  };
}

function portsOf(
  { config, log, pools, queue, metrics, warn }: Parts,
  sender: EnginePorts['sender'],
  onChange: EnginePorts['onChange'],
): EnginePorts {
  const { db, reads, replica } = pools;
  const endpoint = endpointOptions(config);
  const sentry = sentryOptions(config);
  return {
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
    sentry: sentry === null ? null : createSentry(sentry),
    clock: CLOCK,
    observe: safely([metrics.observe, createEdgeLog(log)], warn),
    onChange,
  };
}

function slackOf(
  { config, log, metrics, onInvalidToken }: Parts,
  ports: EnginePorts,
  plan: PlanOptions,
): SlackDoor {
  return createSlackDoor(ports, {
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
}

function deliveriesOf({ log, metrics, warn }: Parts, ports: EnginePorts) {
  return createDeliveries(ports, {
    ...DELIVERIES,
    onTried: (notificationId, tried) => {
      if (typeof tried !== 'string') return warn(tried.error);
      metrics.delivered(tried);
      if (tried === 'parked') log.warn({ notificationId }, 'notification parked');
    },
  });
}

/** What works on runs, and what calls over HTTP share with it. */
function runnerOf({ config, log }: Parts, ports: EnginePorts, worker: string) {
  const limits = { perSecond: config.REPLAYS_PER_SECOND ?? null, ...ports.clock };
  const slots = createSlots(config.REPLAY_CONCURRENCY, limits);
  const vendors = createVendorGate(config.VENDOR_CONCURRENCY ?? config.REPLAY_CONCURRENCY);
  const shared = { worker, slots, vendors };
  const callsInHand = new Set<string>();
  const runner = createRunner(
    ports,
    { ...shared, callsInHand, ...runOptions(config) },
    (batchId, left, error) => {
      if (left === 'trouble') log.warn({ batchId, ...errorFields(error) }, 'run interrupted');
      else if (left !== 'not_mine') log.info({ batchId, left }, 'run left');
    },
  );
  return { shared, callsInHand, runner };
}
