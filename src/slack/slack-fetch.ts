// What comes back where Slack was asked: a proxy's login page, a provider's notice and a portal's JSON answer with 200 as
// well. None of that is an answer, and nothing of it may be repeated anywhere: it holds whatever its writer put there.

import { isError } from '../postgres/errors.ts';

/** Slack's codes are such words; a sentence is somebody else's. */
const CODE = /^[a-z][a-z0-9_]{0,79}$/;
const SLACKS_API = 'https://slack.com/api/';
const TOO_MANY = 429;
const SERVER_ERROR = 500;
/** Where a limit does not say for how long. */
const LIMITED_SECONDS = 5;

/** What became of a call. `not_slack`: somebody else answered it; `proxy_refused`: the proxy on the way, with this status. */
export type Reach =
  | { readonly kind: 'reached' | 'unreachable' | 'not_slack' }
  | { readonly kind: 'proxy_refused'; readonly status: number };

/** Somebody else answered in Slack's place. */
class NotSlack extends Error {
  readonly code = 'not_slack';

  constructor(status: number) {
    super(`somebody else answered in Slack's place, with status ${status}`);
    this.name = 'NotSlack';
  }
}

/** The proxy on the way to Slack let nobody through, so that nothing was sent. */
class ProxyRefused extends Error {
  readonly code = 'proxy_refused';
  readonly status: number;

  constructor(status: number) {
    super(`the proxy refuses the way to Slack, with status ${status}`);
    this.name = 'ProxyRefused';
    this.status = status;
  }
}

/**
 * Fetches, and throws ProxyRefused where a proxy lets nobody through, and NotSlack where the answer isn't Slack's: to a call of the Web API anything but its JSON, to what else
 * is sent (uploads, private answers) a page. `onReach` is told after each call of the API.
 */
export function slackFetch(
  apiUrl: string | undefined,
  onReach: (reach: Reach) => void = () => {},
): typeof fetch {
  const api = apiUrl ?? SLACKS_API;
  return async (input, init) => {
    if (!addressOf(input).startsWith(api)) return withoutPage(await pastProxy(input, init));
    try {
      const response = await pastProxy(input, init);
      const answer = response.status === TOO_MANY ? limited(response) : await slacksOwn(response);
      onReach({ kind: answer.status < SERVER_ERROR ? 'reached' : 'unreachable' });
      return answer;
    } catch (error) {
      onReach(reachOf(error));
      throw error;
    }
  };
}

function reachOf(error: unknown): Reach {
  if (error instanceof ProxyRefused) return { kind: 'proxy_refused', status: error.status };
  return { kind: error instanceof NotSlack ? 'not_slack' : 'unreachable' };
}

const pastProxy: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (error) {
    const status = refusedTunnel(error);
    throw status === null ? error : new ProxyRefused(status);
  }
};

/** The status with which a proxy answered CONNECT. Undici says it in words alone, behind errors of fetch's own. */
function refusedTunnel(error: unknown): number | null {
  for (let cause = error; isError(cause); cause = cause.cause) {
    const said = /^Proxy response \((\d{3})\) !== 200/.exec(cause.message);
    if (said !== null) return Number(said[1]);
  }
  return null;
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

async function slacksOwn(response: Response): Promise<Response> {
  const text = await response.text();
  if (!isSlacks(text)) throw new NotSlack(response.status);
  return again(response, text);
}

/** `{"ok": true, …}`, or `{"ok": false, "error": "a_code", …}`. */
function isSlacks(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return false;
    const ok: unknown = Reflect.get(answer, 'ok');
    if (ok !== false) return ok === true;
    const error: unknown = Reflect.get(answer, 'error');
    return typeof error === 'string' && CODE.test(error);
  } catch {
    return false;
  }
}

/** Slack answers these with a word, or with JSON. */
async function withoutPage(response: Response): Promise<Response> {
  const text = await response.text();
  const isPage = (response.headers.get('content-type') ?? '').includes('html') || /^\s*</.test(text);
  if (response.ok && isPage) throw new NotSlack(response.status);
  return again(response, text);
}

/** The same answer, to be read once more; without its status line's words, which a proxy may have written. */
function again({ status, headers }: Response, text: string): Response {
  return new Response(text === '' ? null : text, { status, headers });
}

/** The client reads whole seconds and nothing else: without them it takes a limit for an error that nobody knows. */
function limited({ headers, body }: Response): Response {
  void body?.cancel();
  const said = headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(said) ? Number(said) : secondsUntil(said);
  return new Response(null, { status: TOO_MANY, headers: { 'retry-after': String(seconds) } });
}

/** Until a date, as proxies write it. */
function secondsUntil(date: string): number {
  const seconds = Math.ceil((Date.parse(date) - Date.now()) / 1000);
  return seconds > 0 ? seconds : LIMITED_SECONDS;
}
