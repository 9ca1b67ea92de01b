// Bolt: the receiver for signed HTTP or Socket Mode, and the one list of listeners. What they do is in listeners/.
import type { IncomingMessage, RequestListener } from 'node:http';
import { App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { ACTION_IDS } from './blocks/buttons.ts';
import { silent } from './clients.ts';
import { COMMAND } from './command/print-command.ts';
import type { SlackContext } from './context.ts';
import { onClick } from './listeners/decisions.ts';
import { onRetryBatch } from './listeners/retry-batch.ts';

export type BoltOptions = {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly door:
    | { readonly kind: 'http'; readonly signingSecret: string }
    | { readonly kind: 'socket'; readonly appToken: string };
};

export type BoltApp = {
  /** For `POST /slack/events`; null in Socket Mode. */
  readonly listener: RequestListener | null;
  /** Socket Mode: connects, and rejects where Slack can't be reached. HTTP: nothing to do. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
};

/** Slack allows five minutes of clock difference; Bolt checks only the past. */
const MAX_FUTURE_SECONDS = 5 * 60;

/** Builds Bolt with our listeners. Asks nothing of Slack: the token was or will be looked at elsewhere. */
export function createBoltApp(options: BoltOptions, context: SlackContext): BoltApp {
  const { door, token, apiUrl } = options;
  const clientOptions = {
    retryConfig: { retries: 0 },
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
  const receiver =
    door.kind === 'http' ? httpReceiver(door.signingSecret) : socketReceiver(door.appToken, apiUrl);
  const app = new App({
    receiver,
    clientOptions,
    logger: silent,
    // No auth.test here: Slack being away must not keep the process from starting.
    authorize: async () => ({ botToken: token, botId: 'unknown', botUserId: 'unknown' }),
    convoStore: false,
  });
  app.error(async (error) => context.onError(error, 'bolt'));
  register(app, context);
  return receiver instanceof HTTPReceiver
    ? { listener: guarded(receiver.requestListener), connect: async () => {}, disconnect: async () => {} }
    : {
        listener: null,
        connect: async () => void (await receiver.start()),
        disconnect: () => receiver.stop(),
      };
}

function register(app: App, context: SlackContext): void {
  app.command(COMMAND, ({ command, ack, respond, context: { signature } }) =>
    onRetryBatch(context, { command, ack: () => ack(), respond, signature: textOf(signature) }),
  );
  for (const actionId of Object.values(ACTION_IDS)) {
    app.action(
      { type: 'block_actions', action_id: actionId },
      ({ body, ack, respond, context: { signature } }) =>
        onClick(context, { body, ack: () => ack(), respond, signature: textOf(signature) }),
    );
  }
}

function httpReceiver(signingSecret: string): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret,
    endpoints: ['/slack/events'],
    logger: silent,
    bodyLimit: '1mb',
    customPropertiesExtractor: (request) => ({ signature: request.headers['x-slack-signature'] }),
  });
}

function socketReceiver(appToken: string, apiUrl: string | undefined): SocketModeReceiver & Receiver {
  return new SocketModeReceiver({
    appToken,
    logger: silent,
    // Its own object: the socket's client writes its retry policy into the one it is given.
    installerOptions: { clientOptions: apiUrl === undefined ? {} : { slackApiUrl: apiUrl } },
  });
}

/** Refuses a timestamp from the future before Bolt looks at the rest, and what isn't a POST without a throw. */
function guarded(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
    } else if (isFromTheFuture(request)) {
      response.writeHead(401).end();
    } else {
      listener(request, response);
    }
  };
}

function isFromTheFuture(request: IncomingMessage): boolean {
  const seconds = Number(request.headers['x-slack-request-timestamp']);
  return seconds > Date.now() / 1000 + MAX_FUTURE_SECONDS;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
