// The Slack door of one process: who it serves, its listeners, and the view that keeps messages up to date.

import type { RequestListener } from 'node:http';
import { hoursToMilliseconds } from 'date-fns/hoursToMilliseconds';
import { every } from '../engine/every.ts';
import type { PlanOptions } from '../engine/plan/preview.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import * as homeOpenings from '../store/homes.ts';
import * as slackDeliveries from '../store/slack-deliveries.ts';
import * as leases from '../store/thread-leases.ts';
import { createClients, type SlackClients } from './clients.ts';
import { createHomes } from './home/homes.ts';
import { createInstallation, type InstallationOptions } from './installation.ts';
import { permalinkOf } from './permalink.ts';
import { type BoltApp, type BoltOptions, createBoltApp } from './receive/bolt-app.ts';
import type { SlackOptions } from './receive/context.ts';
import { createDirectory } from './receive/identity.ts';
import { createSignatureWatch, type WrongSignature } from './receive/signature-watch.ts';
import { slackFetch } from './slack-fetch.ts';
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
  /** The address of a batch's message; null where there is none, or Slack does not say it in a moment. */
  linkOf(batchId: string): Promise<string | null>;
  /** `ok`, or what is wrong with Slack at the moment. */
  status(): string;
};

export type SlackDoorOptions = SlackOptions &
  BoltOptions &
  InstallationOptions & {
    readonly plan: PlanOptions;
    /** Where the key of an incident leads, with `{key}` in it. */
    readonly incidentUrl: string | null;
    /** Where the pages of batches are; null where that is not known. */
    readonly pagesAt: string | null;
    readonly onError: (error: unknown, doing: string) => void;
    readonly onPost: OnPost;
    readonly onWrongSignature: (why: WrongSignature) => void;
    /** Neither a batch's thread nor its requester could be told. */
    readonly onUntold: ThreadOptions['onUntold'];
  };

const LOOK_MS = 1000;
/** A page that links to Slack waits no longer for it. */
const LINK_MS = 1000;
const RECONNECT_MS = 5000;
const FORGET_EVERY_MS = hoursToMilliseconds(1);

/** Builds the door. Nothing is asked of Slack before `start`. */
export function createSlackDoor(ports: EnginePorts, options: SlackDoorOptions): SlackDoor {
  const { token, apiUrl, door, onError } = options;
  const { clock } = ports;
  const stopping = new AbortController();
  const installation = createInstallation((): SlackClients => clients, clock, options);
  const fetch = slackFetch(apiUrl, installation.reached);
  const clients = createClients({ token, apiUrl, fetch });
  const signatures = createSignatureWatch({
    signingSecret: door.kind === 'http' ? door.signingSecret : '',
    now: clock.now,
    onRefused: options.onWrongSignature,
    warn: options.warn,
  });
  const pacer = createPacer(clock, stopping.signal);
  const context = {
    ports,
    plan: options.plan,
    options,
    clients,
    directory: createDirectory(clients, clock.now),
    workspace: installation.served,
    onError,
  };
  const homes = createHomes(context);
  const bolt = createBoltApp(options, { fetch, signatures }, context, homes);
  const linkOf = (batchId: string) => permalinkOf(clients, ports.db.autocommit, batchId);
  const postingFor = (channelId: string) =>
    watchedPosting(createPosting(clients, pacer, channelId), options.onPost, clock.now);
  const view = createView(ports, options, { postingFor, linkOf });
  const background: Promise<void>[] = [];
  return {
    listener: bolt.listener,
    changed: (batchId) => {
      view.changed(batchId);
      homes.changed(batchId);
    },
    linkOf: (batchId) => {
      const asked = linkOf(batchId).catch(() => null);
      return Promise.race([asked, clock.sleep(LINK_MS).then(() => null)]);
    },
    start: () => {
      background.push(
        installation.stayInTouch(stopping.signal),
        connect(bolt, clock, stopping.signal, onError),
        view.watch(stopping.signal),
        homes.watch(stopping.signal),
        forget(ports, stopping.signal, onError),
      );
    },
    stop: async () => {
      stopping.abort();
      await bolt.disconnect();
      await Promise.all(background);
      await view.idle();
    },
    status: () => {
      const troubles = [installation.trouble(), signatures.trouble()].filter((one) => one !== '');
      return troubles.length === 0 ? 'ok' : `degraded: ${troubles.join('; ')}`;
    },
  };
}

async function connect(
  bolt: BoltApp,
  clock: EnginePorts['clock'],
  signal: AbortSignal,
  onError: SlackDoorOptions['onError'],
): Promise<void> {
  while (!signal.aborted) {
    try {
      await bolt.connect();
      return;
    } catch (error) {
      onError(error, 'socket');
      await clock.sleep(RECONNECT_MS, signal);
    }
  }
}

/** Old deliveries can't come again; an hourly sweep keeps their table small. */
async function forget(
  ports: EnginePorts,
  signal: AbortSignal,
  onError: SlackDoorOptions['onError'],
): Promise<void> {
  const tx = ports.db.autocommit;
  const work = () => Promise.all([slackDeliveries.forget(tx), homeOpenings.forget(tx)]);
  await every(ports.clock, FORGET_EVERY_MS, signal, work, (error) => {
    if (!(error instanceof InfrastructureTrouble)) onError(error, 'old deliveries');
  });
}

/** Brings threads up to date: at once when something changed here, and by looking for what others changed. */
function createView(
  ports: EnginePorts,
  options: SlackDoorOptions,
  ways: Pick<ThreadOptions, 'postingFor' | 'linkOf'>,
) {
  const { requireSecondPerson, incidentUrl, pagesAt, retentionDays, onUntold } = options;
  const threadOptions = { requireSecondPerson, incidentUrl, pagesAt, retentionDays, onUntold, ...ways };
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
      leases
        .wake(ports.db.autocommit, batchId)
        .then(() => start(batchId))
        .catch((error: unknown) => options.onError(error, 'thread'));
    },
    watch: async (signal: AbortSignal) => {
      const startDue = async () => {
        for (const batchId of await leases.due(ports.db.autocommit, 20))
          if (!going.has(batchId)) start(batchId);
      };
      await every(ports.clock, LOOK_MS, signal, startDue, (error) => {
        if (!(error instanceof InfrastructureTrouble)) options.onError(error, 'thread');
      });
    },
    idle: async () => {
      await Promise.allSettled(going.values());
    },
  };
}
