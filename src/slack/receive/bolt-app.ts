// Bolt: the receiver for signed HTTP or Socket Mode, and the one list of listeners. What they do is in listeners/.
import type { RequestListener } from 'node:http';
import { App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { getGlobalDispatcher } from 'undici';
import { ACTION_IDS } from '../blocks/buttons.ts';
import { FORM_IDS } from '../blocks/form.ts';
import { SEARCHES } from '../blocks/form-inputs.ts';
import { OWED_IDS, OWED_SEARCHES } from '../blocks/owed.ts';
import { silent } from '../clients.ts';
import { COMMAND } from '../command/print-command.ts';
import type { Homes } from '../home/homes.ts';
import type { SlackContext } from './context.ts';
import { onClick } from './decisions.ts';
import { onHomeOpened } from './home-opened.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { onOwedChoice, onOwedSums } from './owed.ts';
import { owedSuggestions } from './owed-suggest.ts';
import { onRetryBatch } from './retry-batch.ts';
import { onMessageShortcut, onShortcut } from './shortcuts.ts';
import type { SignatureWatch } from './signature-watch.ts';
import { onSubmit } from './submit-form.ts';
import { onSuggestion } from './suggest.ts';

export type BoltOptions = {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly door:
    | { readonly kind: 'http'; readonly signingSecret: string }
    /** `proxied`: the socket goes the way of every `fetch`, where by itself it would go direct. */
    | { readonly kind: 'socket'; readonly appToken: string; readonly proxied: boolean };
};

/** What Bolt sends with, and who watches what it receives. */
export type BoltParts = { readonly fetch: typeof fetch; readonly signatures: SignatureWatch };

export type BoltApp = {
  /** For `POST /slack/events`; null in Socket Mode. */
  readonly listener: RequestListener | null;
  /** Socket Mode: connects, and rejects where Slack can't be reached. HTTP: nothing to do. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
};

type Way = BoltApp & { readonly receiver: Receiver };

/** Builds Bolt with our listeners. Asks nothing of Slack: the token was or will be looked at elsewhere. */
export function createBoltApp(
  options: BoltOptions,
  parts: BoltParts,
  context: SlackContext,
  homes: Homes,
): BoltApp {
  const { door, token, apiUrl } = options;
  const { fetch } = parts;
  const address = apiUrl === undefined ? {} : { slackApiUrl: apiUrl };
  const clientOptions = { retryConfig: { retries: 0 }, fetch, ...address };
  const { receiver, ...way } =
    door.kind === 'http'
      ? byHttp(door.signingSecret, parts.signatures)
      : bySocket(door, { fetch, ...address });
  const app = new App({
    receiver,
    clientOptions,
    logger: silent,
    // No auth.test here: Slack being away must not keep the process from starting.
    authorize: async () => ({ botToken: token, botId: 'unknown', botUserId: 'unknown' }),
    convoStore: false,
  });
  app.error(async (error) => context.onError(error, 'bolt'));
  register(app, context, homes);
  return way;
}

function register(app: App, context: SlackContext, homes: Homes): void {
  app.command(COMMAND, ({ command, ack, respond, context: { deliveryKeys } }) =>
    onRetryBatch(context, { command, ack: () => ack(), respond, keys: textsOf(deliveryKeys) }),
  );
  app.event('app_home_opened', ({ body, context: { deliveryKeys } }) =>
    onHomeOpened(context, homes, body, textsOf(deliveryKeys)),
  );
  for (const actionId of Object.values(ACTION_IDS)) {
    app.action(
      { type: 'block_actions', action_id: actionId },
      ({ body, ack, respond, context: { deliveryKeys } }) =>
        onClick(context, { body, ack: () => ack(), respond, keys: textsOf(deliveryKeys) }),
    );
  }
  registerForm(app, context);
  registerOwed(app, context);
}

function registerOwed(app: App, context: SlackContext): void {
  for (const [callbackId, handle] of [
    [OWED_IDS.choice, onOwedChoice],
    [OWED_IDS.sums, onOwedSums],
  ] as const) {
    app.view(callbackId, ({ body, ack, context: { deliveryKeys } }) =>
      handle(context, { body, ack: (answer) => ack(answer), keys: textsOf(deliveryKeys) }),
    );
  }
  for (const actionId of Object.values(OWED_SEARCHES))
    app.options(actionId, ({ body, ack }) =>
      onSuggestion(context, { body, ack: (answer) => ack(answer) }, owedSuggestions),
    );
}

function registerForm(app: App, context: SlackContext): void {
  // In the Home tab the same is a button.
  app.action(
    { type: 'block_actions', action_id: FORM_IDS.shortcut },
    ({ body, ack, context: { deliveryKeys } }) =>
      onShortcut(context, { body, ack: () => ack(), respond: undefined, keys: textsOf(deliveryKeys) }),
  );
  app.shortcut(
    { type: 'shortcut', callback_id: FORM_IDS.shortcut },
    ({ body, ack, context: { deliveryKeys } }) =>
      onShortcut(context, { body, ack: () => ack(), respond: undefined, keys: textsOf(deliveryKeys) }),
  );
  app.shortcut(
    { type: 'message_action', callback_id: FORM_IDS.messageShortcut },
    ({ body, ack, respond, context: { deliveryKeys } }) =>
      onMessageShortcut(context, { body, ack: () => ack(), respond, keys: textsOf(deliveryKeys) }),
  );
  app.view(FORM_IDS.modal, ({ body, ack, context: { deliveryKeys } }) =>
    onSubmit(context, { body, ack: (answer) => ack(answer), keys: textsOf(deliveryKeys) }),
  );
  for (const actionId of Object.values(SEARCHES))
    app.options(actionId, ({ body, ack }) => onSuggestion(context, { body, ack: (answer) => ack(answer) }));
}

type SocketDoor = Extract<BoltOptions['door'], { kind: 'socket' }>;

function bySocket(
  { appToken, proxied }: SocketDoor,
  clientOptions: { readonly fetch: typeof fetch; readonly slackApiUrl?: string },
): Way {
  const receiver = new SocketModeReceiver({
    appToken,
    ...(proxied ? { dispatcher: getGlobalDispatcher() } : {}),
    logger: silent,
    // Its own object: the socket's client writes its retry policy into the one it is given.
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  return {
    receiver,
    listener: null,
    connect: async () => void (await receiver.start()),
    disconnect: () => receiver.stop(),
  };
}

function byHttp(signingSecret: string, signatures: SignatureWatch): Way {
  const { receiver, listener } = createHttpReceiver(signingSecret, signatures);
  return { receiver, listener, connect: async () => {}, disconnect: async () => {} };
}

/** Over a socket there are none: its deliveries have a trigger. */
function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
