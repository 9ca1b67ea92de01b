// The Web API as the bot uses it. Two clients, so that a rate limit on posting can't hold up an answer to a
// person; neither retries by itself, because a post whose answer was lost may have been posted.
import { ErrorCode, type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import { slackFetch } from './slack-fetch.ts';

export type SlackClients = {
  /** Looks things up while a person waits: fails fast. */
  readonly ask: WebClient;
  /** Posts, updates and uploads; a rate limit is the caller's to wait out. */
  readonly post: WebClient;
};

export type ClientOptions = {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly fetch?: typeof fetch;
};

/** `clientOptions.headers` is never used: the Web API client would store the token in it. */
export function createClients({ token, apiUrl, fetch = slackFetch(apiUrl) }: ClientOptions): SlackClients {
  const base: WebClientOptions = {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
    fetch,
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
  return {
    ask: new WebClient(token, { ...base, timeout: 2500 }),
    post: new WebClient(token, { ...base, timeout: 15_000 }),
  };
}

/** Its debug lines hold whole messages, and what fails is logged by who called. */
export const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => 'error' as never,
  setName: () => {},
};

/** Why Slack said no, or that it could not be asked. */
export type SlackFailure =
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  /** `sent`: the call may have reached Slack, and only its answer is missing. */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly sent: boolean };

export type SlackResult<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: SlackFailure };

/** Makes one call and answers its failure as a value; what isn't Slack's doing is thrown. */
export async function callSlack<Value extends WebAPICallResult>(
  make: () => Promise<Value>,
): Promise<SlackResult<Value>> {
  try {
    return { kind: 'ok', value: await make() };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): SlackFailure {
  const code: unknown = codeOf(error);
  switch (code) {
    case ErrorCode.PlatformError: {
      const said = String(read(read(error, 'data'), 'error'));
      if (said === 'ratelimited') return { kind: 'rate_limited', retryAfterSeconds: 5 };
      return { kind: 'refused', error: said };
    }
    case ErrorCode.RateLimitedError:
      return { kind: 'rate_limited', retryAfterSeconds: Number(read(error, 'retryAfter')) || 1 };
    case ErrorCode.RequestError:
      return { kind: 'unreachable', reason: 'no answer from Slack', sent: !neverConnected(error) };
    case ErrorCode.HTTPError:
      return {
        kind: 'unreachable',
        reason: `Slack answered ${String(read(error, 'statusCode'))}`,
        sent: true,
      };
    default:
      throw error;
  }
}

/** What is said where no connection came about, so that nothing was sent. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'proxy_refused',
]);

function neverConnected(error: unknown): boolean {
  const causes = [error, read(error, 'cause'), read(read(error, 'cause'), 'cause')];
  return causes.some((cause) => NO_CONNECTION.has(String(codeOf(cause))));
}

function codeOf(error: unknown): unknown {
  return read(error, 'code');
}

function read(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}
