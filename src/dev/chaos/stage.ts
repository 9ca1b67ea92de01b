// Everything one round has on stage: the database, the bots, Slack, the receivers. Actors and faults get this.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSlackOf } from '../demo/slack-of-channels.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Application, openApplication } from './application.ts';
import { type Bot, createBot } from './bots.ts';
import { CHANNELS } from './channels.ts';
import { type ChaosDatabase, openChaosDatabase } from './database.ts';
import { startProxy, type Wire } from './proxy.ts';
import type { Random } from './random.ts';
import { type Receivers, startReceivers } from './receivers.ts';
import { BOT, OWNER } from './roles.ts';
import { databaseName, seedRound } from './seed.ts';
import type { ChaosServer } from './server.ts';
import type { Tally } from './tally.ts';

export type Stage = {
  readonly server: ChaosServer;
  readonly db: ChaosDatabase;
  readonly bots: readonly Bot[];
  /** Who makes the replays; null: the bots themselves do, in the database. */
  readonly application: Application | null;
  readonly slack: LocalSlack;
  readonly receivers: Receivers;
  /** What was seen to strike. */
  readonly struck: Tally;
  /** What people and programs did. */
  readonly done: Tally;
  /** Violations that only somebody on stage can see, such as a wrong exit code. */
  readonly seen: string[];
  /** What people deleted in Slack. */
  readonly deleted: Deleted[];
  /** Aborted when the storm is over: whoever holds something lets go. */
  readonly storm: AbortSignal;
  strike(): Promise<void>;
  close(): Promise<void>;
};

/** A message that is gone: what it said last, and when it went, in seconds. */
export type Deleted = {
  /** Null where only channel and time tell whose it was. */
  readonly batchId: string | null;
  readonly what: 'dry run' | 'bar';
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly at: number;
};

export type StageOptions = {
  readonly rows: number;
  readonly bots: number;
  /** Whether an application makes the replays. */
  readonly endpoint: boolean;
  readonly storm: AbortSignal;
};

const TOKENS = {
  signingSecret: 'chaos-signing-secret',
  botToken: 'xoxb-chaos',
  appToken: 'xapp-chaos',
} as const;

/** Sets up a round and resolves when every bot serves. */
export async function setStage(
  server: ChaosServer,
  round: number,
  random: Random,
  tallies: { struck: Tally; done: Tally },
  options: StageOptions,
): Promise<Stage> {
  const database = databaseName(round);
  await server.create(database);
  const db = openChaosDatabase(server.urlOf(database));
  const receivers = await startReceivers(random.fork('receivers'), tallies.struck);
  const { slack, teamId } = await startSlackOf(CHANNELS, TOKENS);
  await seedRound(db, random.fork('seed'), {
    rows: options.rows,
    webhookUrl: receivers.webhookUrl,
    teamId,
  });
  const application = options.endpoint
    ? await openApplication(server.port, database, random.fork('application'))
    : null;
  const environment = {
    ...environmentOf(random.fork('environment'), slack, receivers),
    ...application?.environment,
  };
  const role = application === null ? OWNER : BOT;
  const bots = await Promise.all(
    Array.from({ length: options.bots }, (_, index) =>
      createBot(`bot ${index + 1}`, { port: server.port, path: database, role }, environment),
    ),
  );
  const balancer = await balance(bots, random.fork('balancer'));
  slack.setRequestUrl(`http://127.0.0.1:${balancer.port}/slack/events`);
  const ready = await Promise.all(bots.map((bot) => bot.ready()));
  // A storm over processes that don't serve yet would find nothing, and say that all was well.
  if (ready.includes(false)) throw new Error('not every process came to serve');
  return {
    ...{ server, db, bots, application, slack, receivers, ...tallies },
    ...{ seen: [], deleted: [], storm: options.storm },
    strike: async () => {
      await Promise.all(bots.map((bot) => bot.kill()));
      await application?.stop();
      await slack.stop();
      await Promise.all([balancer.close(), receivers.close(), ...bots.map((bot) => bot.proxy.close())]);
    },
    close: async () => {
      await db.close();
      await server.drop(database);
    },
  };
}

/** Another setting each round; the pace leaves faults the time to strike in the middle of a run. */
function environmentOf(random: Random, slack: LocalSlack, receivers: Receivers): Record<string, string> {
  const pace = random.pick(['8', '15', '40', '']);
  return {
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_SIGNING_SECRET: TOKENS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    SMTP_URL: receivers.smtpUrl,
    MAIL_FROM: 'bot@onramp.example',
    HOST: '127.0.0.1',
    TAKEOVER_SECONDS: '4',
    CHUNK_SIZE: String(random.between(3, 25)),
    REPLAY_CONCURRENCY: String(random.between(1, 5)),
    REPLAYS_PER_SECOND: pace,
    VENDOR_CONCURRENCY: random.pick(['', '1', '2']),
  };
}

/** Slack's deliveries go to one bot or another, as behind a load balancer. */
function balance(bots: readonly Bot[], random: Random): Promise<Wire> {
  return startProxy(() => {
    const serving = bots.filter((bot) => bot.isServing());
    return serving.length > 0 ? random.pick(serving).port : null;
  });
}

/** Waits, but no longer than the storm lasts. */
export async function pause(stage: Pick<Stage, 'storm'>, milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal: stage.storm }).catch(() => {});
}
