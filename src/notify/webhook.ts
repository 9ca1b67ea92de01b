// Sends one webhook once. Never follows a redirect, never reaches into a private network, and never
// puts the secret, the url or the receiver's words into its result.
import { getUnixTime } from 'date-fns/getUnixTime';
import { Agent, request } from 'undici';
import { assertDeliveryId, type DeliveryResult, giveUp, retryLater } from './delivery.ts';
import { guardedLookup, type Resolve, resolveBySystem } from './guarded-lookup.ts';
import { readSecret, type SigningKey, sign } from './signature.ts';
import { refusedBy, unanswered } from './webhook-failure.ts';
import { readWebhookUrl } from './webhook-url.ts';

/** One webhook. `id` is the same on every try; `body` is sent, and signed, byte for byte. */
export type WebhookInput = {
  readonly id: string;
  readonly url: string;
  readonly secret: string | null;
  readonly body: string;
};

/** How to send it. */
export type WebhookOptions = {
  /** For demo and tests: http, and addresses of private networks. */
  readonly allowPrivate: boolean;
  /** Milliseconds since 1970, for the signature's timestamp. */
  readonly now: () => number;
  /** From the look-up of the name to the end of the answer; default 10 s. */
  readonly timeoutMs?: number;
  /** Ends the try early, when the process stops. */
  readonly signal?: AbortSignal;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
};

const DEFAULT_TIMEOUT_MS = 10_000;
/** Enough for a short answer to end by itself, so that an honest receiver sees no torn connection. */
const MOST_BYTES_READ = 4_096;

const BAD_SECRET =
  'The crm_webhook_secret starts with whsec_ but no base64 follows: copy the secret again from the receiver.';
const UNSIGNED = 'The webhook went out unsigned, because the vendor has no crm_webhook_secret: set one.';

/** Tries once to deliver a webhook, and says what became of it. */
export async function sendWebhook(input: WebhookInput, options: WebhookOptions): Promise<DeliveryResult> {
  assertDeliveryId(input.id);
  const target = readWebhookUrl(input.url, options.allowPrivate);
  if (target.kind === 'unusable') return giveUp(target.reason);
  const key = readSecret(input.secret);
  if (key.kind === 'malformed') return giveUp(BAD_SECRET);
  if (options.signal?.aborted) return stopped();

  const end = deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
  try {
    const { status, retryAfter } = await post(
      target.url,
      headersOf(input, key, options.now()),
      input.body,
      options,
      end.signal,
    );
    if (status < 200 || status > 299) return refusedBy(status, retryAfter, options.now());
    return key.kind === 'key'
      ? { kind: 'delivered', status }
      : { kind: 'delivered', status, warning: UNSIGNED };
  } catch (error) {
    if (options.signal?.aborted) return stopped();
    return end.signal.aborted ? tooSlow(options.timeoutMs ?? DEFAULT_TIMEOUT_MS) : unanswered(error);
  } finally {
    end.clear();
  }
}

function headersOf(input: WebhookInput, key: SigningKey, now: number): Record<string, string> {
  const timestamp = getUnixTime(now);
  return {
    'content-type': 'application/json',
    'user-agent': 'retry-batch',
    'idempotency-key': input.id,
    'webhook-id': input.id,
    'webhook-timestamp': String(timestamp),
    ...(key.kind === 'key' ? { 'webhook-signature': sign(key.bytes, input.id, timestamp, input.body) } : {}),
  };
}

/** Posts on a connection of its own and resolves to the answer's head, as soon as it is known and the body dropped. */
async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  options: WebhookOptions,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly retryAfter: string }> {
  const lookup = guardedLookup(options.resolve ?? resolveBySystem, options.allowPrivate);
  const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const agent = new Agent({ connect: { lookup, timeout }, headersTimeout: 0, bodyTimeout: 0 });
  // undici looks at a signal only once it is connected, and a name or a connection can take for ever too.
  const giveUpWaiting = () => void agent.destroy();
  signal.addEventListener('abort', giveUpWaiting);
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent });
    // The status is the answer; a body that breaks off, never ends or never stops changes nothing in it.
    await answer.body.dump({ limit: MOST_BYTES_READ }).catch(() => undefined);
    return {
      status: answer.statusCode,
      retryAfter: [answer.headers['retry-after'] ?? ''].flat()[0]?.trim() ?? '',
    };
  } finally {
    signal.removeEventListener('abort', giveUpWaiting);
    await agent.destroy();
  }
}

function deadline(ms: number, stop: AbortSignal | undefined): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  stop?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', abort);
    },
  };
}

function stopped(): DeliveryResult {
  return retryLater('The bot was stopped before the receiver answered.');
}

function tooSlow(ms: number): DeliveryResult {
  return retryLater(
    `The receiver did not answer within ${ms / 1000} s: it should answer first and work afterwards.`,
  );
}
