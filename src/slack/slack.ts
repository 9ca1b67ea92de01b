// The Slack door of one process: who it serves, its listeners, and the view that keeps messages up to date.

import type { RequestListener } from 'node:http';
import { hoursToMilliseconds } from 'date-fns/hoursToMilliseconds';
import type { PlanOptions } from '../engine/plan/preview.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import * as slackDeliveries from '../store/slack-deliveries.ts';
import * as threads from '../store/threads.ts';
import { callSlack, createClients } from './clients.ts';
import { type BoltOptions, createBoltApp } from './receive/bolt-app.ts';
import type { SlackOptions } from './receive/context.ts';
import { createDirectory, type Workspace } from './receive/identity.ts';
import { createPacer } from './thread/pacer.ts';
import { createPosting } from './thread/posting.ts';
import { syncThread, type ThreadOptions } from './thread/thread.ts';
import { type OnPost, watchedPosting } from './thread/watched-posting.ts';

export type SlackDoor = {
  readonly listener: RequestListener | null;
  /** Something changed in a batch: its thread is brought up to date, in the background. */
  changed(batchId: string): void;
  /** Begins to serve; waits for nothing of Slack's. */
  start(): void;
  stop(): Promise<void>;
  /** `ok`, or what is wrong with Slack at the moment. */
  status(): string;
};

export type SlackDoorOptions = SlackOptions &
  BoltOptions & {
    readonly teamId: string | undefined;
    readonly plan: PlanOptions;
    /** Slack calls the token invalid: no use in going on. */
    readonly onInvalidToken: (error: string) => void;
    readonly log: (fields: Record<string, unknown>, message: string) => void;
    readonly onError: (error: unknown, doing: string) => void;
    readonly onPost: OnPost;
    /** Neither a batch's thread nor its requester could be told. */
    readonly onUntold: ThreadOptions['onUntold'];
  };

/** What Slack answers for a token that will not work again. */
const INVALID_TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);
const LOOK_MS = 1000;
const RECONNECT_MS = 5000;
const FORGET_EVERY_MS = hoursToMilliseconds(1);

/** Builds the door. Nothing is asked of Slack before `start`. */
export function createSlackDoor(ports: EnginePorts, options: SlackDoorOptions): SlackDoor {
  let workspace: Workspace | undefined;
  let trouble = 'not asked yet';
  const onReach = (reached: boolean) => {
    if (!reached) trouble = 'unreachable';
  };
  const clients = createClients({ token: options.token, apiUrl: options.apiUrl, onReach });
  const stopping = new AbortController();
  const pacer = createPacer(ports.clock, stopping.signal);
  const bolt = createBoltApp(options, {
    ports,
    plan: options.plan,
    options,
    clients,
    directory: createDirectory(clients, ports.clock.now),
    workspace: () => workspace,
    onError: options.onError,
  });
  const view = createView(ports, options, (channelId) =>
    watchedPosting(createPosting(clients, pacer, channelId), options.onPost, ports.clock.now),
  );
  const background: Promise<void>[] = [];

  /** False where it is no use to ask again. */
  const identify = async (): Promise<boolean> => {
    const asked = await callSlack(() => clients.ask.auth.test());
    if (asked.kind === 'failed') {
      const { failure } = asked;
      trouble = failure.kind === 'refused' ? failure.error : 'unreachable';
      const invalid = failure.kind === 'refused' && INVALID_TOKEN.has(failure.error);
      // Later it is told as trouble only: a run goes on without Slack.
      if (!invalid || workspace !== undefined) return true;
      options.onInvalidToken(failure.error);
      return false;
    }
    const { team_id: own = '', enterprise_id: enterpriseId = null } = asked.value;
    workspace = { teamId: options.teamId ?? own, enterpriseId };
    trouble = '';
    options.log({ teamId: workspace.teamId }, 'slack reached');
    return true;
  };
  /** Asks who we are until Slack says it, and again after every call that did not reach Slack. */
  const stayInTouch = async () => {
    while (!stopping.signal.aborted) {
      if (trouble !== '' && !(await identify())) return;
      await ports.clock.sleep(RECONNECT_MS, stopping.signal);
    }
  };
  const connect = async () => {
    while (!stopping.signal.aborted) {
      try {
        await bolt.connect();
        return;
      } catch (error) {
        options.onError(error, 'socket');
        await ports.clock.sleep(RECONNECT_MS, stopping.signal);
      }
    }
  };
  return {
    listener: bolt.listener,
    changed: view.changed,
    start: () => {
      background.push(
        stayInTouch(),
        connect(),
        view.watch(stopping.signal),
        forget(ports, stopping.signal, options.onError),
      );
    },
    stop: async () => {
      stopping.abort();
      await bolt.disconnect();
      await Promise.all(background);
      await view.idle();
    },
    status: () => (trouble === '' ? 'ok' : `degraded: ${trouble}`),
  };
}

/** Old deliveries can't come again; an hourly sweep keeps their table small. */
async function forget(
  ports: EnginePorts,
  signal: AbortSignal,
  onError: SlackDoorOptions['onError'],
): Promise<void> {
  while (!signal.aborted) {
    await slackDeliveries.forget(ports.db.autocommit).catch((error: unknown) => {
      if (!(error instanceof InfrastructureTrouble)) onError(error, 'old deliveries');
    });
    await ports.clock.sleep(FORGET_EVERY_MS, signal);
  }
}

/** Brings threads up to date: at once when something changed here, and by looking for what others changed. */
function createView(ports: EnginePorts, options: SlackDoorOptions, postingFor: ThreadOptions['postingFor']) {
  const { requireSecondPerson, onUntold } = options;
  const threadOptions = { requireSecondPerson, onUntold, postingFor };
  const going = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const sync = async (batchId: string) => {
    try {
      do {
        again.delete(batchId);
        const synced = await syncThread(ports, threadOptions, batchId);
        if (synced.kind === 'trouble') {
          options.log({ batchId, failure: synced.trouble.message }, 'thread behind');
          return;
        }
        if (synced.kind === 'left') return;
      } while (again.has(batchId));
    } catch (error) {
      options.onError(error, 'thread');
    } finally {
      going.delete(batchId);
    }
  };
  const start = (batchId: string) => {
    if (going.has(batchId)) again.add(batchId);
    else going.set(batchId, sync(batchId));
  };
  return {
    changed: (batchId: string) => {
      threads
        .wake(ports.db.autocommit, batchId)
        .then(() => start(batchId))
        .catch((error: unknown) => options.onError(error, 'thread'));
    },
    watch: async (signal: AbortSignal) => {
      while (!signal.aborted) {
        const due = await threads.due(ports.db.autocommit, 20).catch((error: unknown) => {
          if (!(error instanceof InfrastructureTrouble)) options.onError(error, 'thread');
          return [];
        });
        for (const batchId of due) if (!going.has(batchId)) start(batchId);
        await ports.clock.sleep(LOOK_MS, signal);
      }
    },
    idle: async () => {
      await Promise.allSettled(going.values());
    },
  };
}
