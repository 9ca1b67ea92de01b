// The composition root: the only file that knows every part. It builds them, starts them in order and stops them
// in the reverse order; what the parts do is not its business.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { deliver } from './engine/deliver.ts';
import { createSlots } from './engine/drain.ts';
import type { EnginePorts } from './engine/ports.ts';
import { createRunner } from './engine/runner.ts';
import { sweepUntil } from './engine/sweep.ts';
import { createVendorGate } from './engine/vendor-gate.ts';
import { ENDPOINT_PATH } from './http/endpoint.ts';
import { close, createHttpServer, listen, type Readiness } from './http/server.ts';
import { createSlowdown } from './http/slowdown.ts';
import { errorFields, type Log } from './log.ts';
import { createSender } from './notify/sender.ts';
import { openQueue, type Queue } from './queue/boss.ts';
import { createReplayer } from './replay/replay.ts';
import { createSlackDoor, type SlackDoor } from './slack/slack.ts';
import { audit } from './store/audit.ts';
import { batches } from './store/batches.ts';
import { brake } from './store/brake.ts';
import { findApiKey, findSession } from './store/callers.ts';
import { type Database, openDatabase } from './store/database.ts';
import { holds } from './store/holds.ts';
import { identities } from './store/identities.ts';
import { lists } from './store/lists.ts';
import { notifications } from './store/notifications.ts';
import { plans } from './store/plans.ts';
import { pruning } from './store/pruning.ts';
import { reports } from './store/reports.ts';
import { slackDeliveries, threads } from './store/threads.ts';
import { turns } from './store/turns.ts';

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

/** How long rows that were locked at their turn are come back to (engine contract, "Batch"). */
const LOCKED_WAIT_SECONDS = 40;
const STOP_SECONDS = 10;

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
  const ports = createPorts(config, db, queue, sender, (batchId) => changed(batchId));
  const slack = createSlackDoor(ports, {
    ...slackOptions(config),
    onInvalidToken,
    log: (fields, message) => log.info(fields, message),
    onError: (error, doing) => log.error({ doing, ...errorFields(error) }, 'slack trouble'),
  });
  changed = slack.changed;
  const slots = createSlots(config.REPLAY_CONCURRENCY, {
    perSecond: config.REPLAYS_PER_SECOND ?? null,
    ...ports.clock,
  });
  const vendors = createVendorGate(config.VENDOR_CONCURRENCY ?? config.REPLAY_CONCURRENCY);
  const runner = createRunner(
    ports,
    {
      worker,
      slots,
      concurrency: config.REPLAY_CONCURRENCY,
      takeoverSeconds: silentSeconds(config),
      lockedWaitSeconds: LOCKED_WAIT_SECONDS,
      vendors,
      breaker: {
        sameErrorInARow: config.BREAKER_SAME_ERROR,
        window: config.BREAKER_WINDOW,
        failingShare: config.BREAKER_FAILING_PERCENT / 100,
      },
    },
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
      execute: {
        worker,
        slots,
        concurrency: config.REPLAY_CONCURRENCY,
        takeoverSeconds: config.TAKEOVER_SECONDS,
        chunkSize: config.CHUNK_SIZE,
        vendors,
      },
      slowdown: createSlowdown(Date.now),
      publicOrigin: config.PUBLIC_ORIGIN,
      onUnauthenticated: (from) => log.warn({ from, path: ENDPOINT_PATH }, 'credential refused'),
    },
    slack: slack.listener,
    readiness: () => readiness(ports, queue, slack),
    trustProxy: config.TRUST_PROXY,
    onError: (error) => log.error(errorFields(error), 'request failed'),
  });
  const sweeping = new AbortController();
  let swept: Promise<void> = Promise.resolve();
  return {
    ports,
    db,
    start: async () => {
      await queue.start({
        run: async (batchId) => runner.start(batchId),
        deliver: async (id) => {
          const delivered = await deliver(ports, id);
          if (delivered === 'parked') log.warn({ notificationId: id }, 'notification parked');
        },
        deliveriesAtOnce: 4,
      });
      slack.start();
      const sweep = {
        worker,
        silentSeconds: silentSeconds(config),
        retentionDays: config.PLAN_RETENTION_DAYS,
      };
      swept = sweepUntil(ports, sweep, runner.start, sweeping.signal, warn);
      return listen(server, config.PORT, config.HOST);
    },
    stop: async () => {
      sweeping.abort();
      await swept;
      await close(server);
      const ended = Promise.all([runner.stop(), queue.stop(STOP_SECONDS), slack.stop()]);
      await Promise.race([ended, sleep(STOP_SECONDS * 1000, undefined, { ref: false })]);
      sender.close();
      await db.close();
    },
  };
}

function createPorts(
  config: Config,
  db: Database,
  queue: Queue,
  sender: EnginePorts['sender'],
  onChange: EnginePorts['onChange'],
): EnginePorts {
  const planningTimeouts = {
    statementMs: config.PLAN_TIMEOUT_SECONDS * 1000,
    lockMs: 5000,
    idleMs: 20_000,
  };
  return {
    db: {
      transaction: (work) => db.transaction(work),
      planning: (work) => db.transaction(work, planningTimeouts),
      autocommit: db,
    },
    plans,
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
    clock: {
      now: Date.now,
      sleep: (milliseconds, signal) =>
        sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
    },
    onChange,
  };
}

function slackOptions(config: Config) {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret = '' } = config;
  return {
    token: config.SLACK_BOT_TOKEN,
    apiUrl: config.SLACK_API_URL,
    door:
      appToken === undefined
        ? ({ kind: 'http', signingSecret } as const)
        : ({ kind: 'socket', appToken } as const),
    teamId: config.SLACK_TEAM_ID,
    requireSecondPerson: config.SLACK_REQUIRE_SECOND_PERSON,
    previewRole: config.SLACK_PREVIEW_ROLE,
    channels: config.SLACK_CHANNELS,
    plan: planOptions(config),
  };
}

/** Database and queue decide; Slack being away is said, and keeps nobody from replaying. */
async function readiness(ports: EnginePorts, queue: Queue, slack: SlackDoor): Promise<Readiness> {
  const slackSays = slack.status();
  try {
    const braked = await ports.brake.isOn(ports.db.autocommit);
    const queued = await queue.ready();
    const checks = {
      database: 'ok',
      queue: queued ? 'ok' : 'missing',
      brake: braked ? 'on' : 'off',
      slack: slackSays,
    };
    return { ready: queued, checks };
  } catch {
    return {
      ready: false,
      checks: { database: 'unreachable', queue: 'unknown', brake: 'unknown', slack: slackSays },
    };
  }
}

function planOptions(config: Config) {
  return {
    maxRows: config.PLAN_MAX_ROWS,
    ttlMinutes: config.PLAN_TTL_MINUTES,
    chunkSize: config.CHUNK_SIZE,
    configErrorTypes: config.CONFIG_ERROR_TYPES,
    timeoutSeconds: config.PLAN_TIMEOUT_SECONDS,
  };
}

/** A little less than TAKEOVER_SECONDS, so that the take-over itself falls within them. */
function silentSeconds(config: Config): number {
  return Math.max(1, config.TAKEOVER_SECONDS - 2);
}
