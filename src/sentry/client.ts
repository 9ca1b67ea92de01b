// One GET of Sentry's API. Follows no redirect, believes no more than 4 MiB, and hands on nothing of an answer that isn't the
// JSON it asked for. What is refused or lost is thrown as NotAsked; the token is in the header, and nowhere else.
import { isError } from '../postgres/errors.ts';

export type ClientOptions = { readonly origin: string; readonly token: string };

/** Why there is no answer, in words for people: nothing of the answer itself, which may be anybody's page. */
export class NotAsked extends Error {
  /** Sentry answered that what was asked for is not there. */
  readonly isMissing: boolean;
  /** Until when Sentry wants to be left alone; null where it does not. */
  readonly untilMs: number | null;

  constructor(
    why: string,
    { isMissing = false, untilMs = null }: { isMissing?: boolean; untilMs?: number | null } = {},
  ) {
    super(why);
    this.name = 'NotAsked';
    this.isMissing = isMissing;
    this.untilMs = untilMs;
  }
}

/** `next`: the cursor of the next page; null where this is the last one. */
export type Page = { readonly body: unknown; readonly next: string | null };

const MOST_BYTES = 4 * 1024 * 1024;

/** Asks for `path`, below the API's root, until `signal` fires. Throws NotAsked. */
export async function get(
  { origin, token }: ClientOptions,
  path: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Page> {
  const address = new URL(`${origin}/api/0/${path}`);
  address.search = query.toString();
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      signal,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'retry-batch' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refusal(response);
    }
    return { body: parse(await textOf(response)), next: nextOf(response.headers.get('link')) };
  } catch (error) {
    throw error instanceof NotAsked
      ? error
      : new NotAsked(signal.aborted ? 'no answer in time' : inWords(error));
  }
}

/** What each status means for whoever can mend it. */
function refusal({ status, headers }: Response): NotAsked {
  if (status === 401) return new NotAsked('401, the token is not valid: set SENTRY_AUTH_TOKEN');
  if (status === 403)
    return new NotAsked(
      '403, the token may not see this: it needs event:read and the projects of SENTRY_PROJECT',
    );
  if (status === 404) return new NotAsked('404, it is not there', { isMissing: true });
  if (status === 429) return new NotAsked('429, it is asked too often', { untilMs: untilOf(headers) });
  if (status >= 300 && status < 400)
    return new NotAsked(`${status}, a redirect: set SENTRY_URL to where Sentry is`);
  return new NotAsked(status >= 500 ? `${status}, it is down` : `it answers ${status}`);
}

/** Where a limit does not say for how long. */
const LIMITED_MS = 10_000;

/** In seconds or as a date; and as Sentry itself says it, in seconds since 1970. */
function untilOf(headers: Headers): number {
  const after = headers.get('retry-after')?.trim() ?? '';
  const reset = headers.get('x-sentry-rate-limit-reset')?.trim() ?? '';
  if (/^\d{1,6}$/.test(after)) return Date.now() + Number(after) * 1000;
  const until = /^\d{1,12}$/.test(reset) ? Number(reset) * 1000 : Date.parse(after);
  return Number.isNaN(until) ? Date.now() + LIMITED_MS : until;
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new NotAsked('an answer of more than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAsked("somebody else answers in Sentry's place: set SENTRY_URL to where Sentry is");
  }
}

/** Only the cursor: wherever the link leads, the next page is asked for at the same address. */
function nextOf(link: string | null): string | null {
  const next = (link ?? '').split(/,\s*(?=<)/).find((one) => /;\s*rel="next"/.test(one));
  if (next === undefined || !/;\s*results="true"/.test(next)) return null;
  return /;\s*cursor="([\w:.-]{1,100})"/.exec(next)?.[1] ?? null;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: "its name can't be found",
  EAI_AGAIN: "its name can't be looked up just now",
  ETIMEDOUT: 'it took no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'it took no connection in time',
};

/** A code tells enough: messages may hold addresses. */
function inWords(error: unknown): string {
  for (let cause = error, depth = 0; isError(cause) && depth < 5; cause = cause.cause, depth++) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string') return WORDS[code] ?? `the connection failed (${code.slice(0, 40)})`;
    if (/^Proxy response/.test(cause.message)) return 'the proxy on the way refuses it';
  }
  return 'the connection failed';
}
