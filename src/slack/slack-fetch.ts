// What comes back where Slack was asked: a proxy's login page, a provider's notice and a portal's JSON answer with 200 as
// well. None of that is an answer, and nothing of it may be repeated anywhere: it holds whatever its writer put there.

/** Slack's codes are such words; a sentence is somebody else's. */
const CODE = /^[a-z][a-z0-9_]{0,79}$/;
const SLACKS_API = 'https://slack.com/api/';
const TOO_MANY = 429;
const SERVER_ERROR = 500;
/** Where a limit does not say for how long. */
const LIMITED_SECONDS = 5;

/** What became of a call: `not_slack`, that somebody else answered it. */
export type Reach = 'reached' | 'unreachable' | 'not_slack';

/** Somebody else answered in Slack's place. */
export class NotSlack extends Error {
  readonly code = 'not_slack';

  constructor(status: number) {
    super(`somebody else answered in Slack's place, with status ${status}`);
    this.name = 'NotSlack';
  }
}

/**
 * Fetches, and throws NotSlack where the answer isn't Slack's: to a call of the Web API anything but its JSON, to what else
 * is sent (uploads, private answers) a page. `onReach` is told after each call of the API.
 */
export function slackFetch(
  apiUrl: string | undefined,
  onReach: (reach: Reach) => void = () => {},
): typeof fetch {
  const api = apiUrl ?? SLACKS_API;
  return async (input, init) => {
    if (!addressOf(input).startsWith(api)) return withoutPage(await fetch(input, init));
    try {
      const response = await fetch(input, init);
      const answer = response.status === TOO_MANY ? limited(response) : await slacksOwn(response);
      onReach(answer.status < SERVER_ERROR ? 'reached' : 'unreachable');
      return answer;
    } catch (error) {
      onReach(error instanceof NotSlack ? 'not_slack' : 'unreachable');
      throw error;
    }
  };
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
