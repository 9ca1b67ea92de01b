// A local Slack with a real Bolt app on the other end of it, for the tests of the local Slack.
import bolt from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { defaultCast } from '../../../src/dev/slack/cast.ts';
import type { LocalSlack, LocalSlackOptions } from '../../../src/dev/slack/local-slack.ts';
import { LONGEST_WAIT_MS } from '../../../src/dev/slack/longest-wait.ts';
import { startLocalSlack } from '../../../src/dev/slack/start.ts';
import { atTheEnd, once, shared } from '../../support/shared.ts';

export const SIGNING_SECRET = 'a-signing-secret';
export const BOT_TOKEN = 'xoxb-of-the-bot';
export const APP_TOKEN = 'xapp-of-the-app';

export const ALL_SCOPES = [
  'commands',
  'chat:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:read',
  'groups:read',
  'im:read',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'files:write',
  'files:read',
];

type Overrides = Partial<Omit<LocalSlackOptions, 'app'>> & {
  readonly app?: Partial<LocalSlackOptions['app']>;
};

/** A local Slack with the default cast, an app with every scope, and one command; patient, whatever the machine does. */
export async function startSlack(overrides: Overrides = {}): Promise<LocalSlack> {
  const { bot, ...cast } = defaultCast();
  const slack = await startLocalSlack({
    ...cast,
    ackTimeoutMs: LONGEST_WAIT_MS,
    ...overrides,
    app: {
      ...bot,
      signingSecret: SIGNING_SECRET,
      botToken: BOT_TOKEN,
      appToken: APP_TOKEN,
      scopes: ALL_SCOPES,
      commands: [{ command: '/retry-batch', description: 'Replay failed executions' }],
      ...overrides.app,
    },
  });
  const stop = once(() => slack.stop());
  atTheEnd(stop);
  return { ...slack, stop };
}

/** A local Slack for all tests of the file, Slack's own client, and a message's `ts` by its text. */
export function sharedSlack() {
  const slack = shared(() => startSlack());
  const api = shared(() => webClient(slack));
  const post = async (text: string, more: object = {}) =>
    (await api.chat.postMessage({ channel: 'C0INCIDENT', text, ...more })).ts ?? '';
  return { slack, api, post };
}

/** Slack's own client, which here never tries twice. */
export const webClient = (slack: LocalSlack, token: string | undefined = BOT_TOKEN): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: bolt.LogLevel.ERROR,
    logger: silent,
  });

const nothing = (): void => {};
export const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => bolt.LogLevel.ERROR,
  setName: nothing,
};

/** The refusal's code, or `ok`. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const data = (error as { data?: { error?: string } }).data;
    return data?.error ?? String(error);
  }
}

export interface BoltApp {
  readonly app: InstanceType<typeof bolt.App>;
  stop(): Promise<void>;
}

const clientOptions = (slack: LocalSlack) => ({
  slackApiUrl: slack.apiUrl,
  retryConfig: { retries: 0 },
  logLevel: bolt.LogLevel.ERROR,
});

type Receiver = NonNullable<ConstructorParameters<typeof bolt.App>[0]>['receiver'];

async function appBehind(
  receiver: Receiver,
  slack: LocalSlack,
  listen: (app: BoltApp['app']) => void,
): Promise<BoltApp['app']> {
  const app = new bolt.App({
    token: BOT_TOKEN,
    ...(receiver && { receiver }),
    deferInitialization: true,
    logger: silent,
    clientOptions: clientOptions(slack),
  });
  listen(app);
  await app.init();
  return app;
}

/** How to stop the app, at the file's end at the latest. */
function ended(app: BoltApp['app']): () => Promise<void> {
  const stop = once(async () => void (await app.stop()));
  atTheEnd(stop);
  return stop;
}

/** A real Bolt app behind its HTTP receiver, which the local Slack then delivers to. */
export async function startHttpApp(
  slack: LocalSlack,
  listen: (app: BoltApp['app']) => void,
  more: { readonly unhandledRequestTimeoutMillis?: number } = {},
): Promise<BoltApp> {
  const receiver = new bolt.HTTPReceiver({ signingSecret: SIGNING_SECRET, logger: silent, ...more });
  const app = await appBehind(receiver, slack, listen);
  const server = (await app.start(0)) as unknown as { address(): { port: number } };
  slack.setRequestUrl(`http://127.0.0.1:${server.address().port}/slack/events`);
  return { app, stop: ended(app) };
}

/** A real Bolt app in Socket Mode. */
export async function startSocketApp(
  slack: LocalSlack,
  listen: (app: BoltApp['app']) => void,
): Promise<BoltApp> {
  const receiver = new bolt.SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silent,
    installerOptions: { clientOptions: clientOptions(slack) },
  } as ConstructorParameters<typeof bolt.SocketModeReceiver>[0]);
  const app = await appBehind(receiver, slack, listen);
  await app.start();
  await slack.waitFor((now) => now.openSockets() > 0, { what: 'a Socket Mode connection' });
  return { app, stop: ended(app) };
}
