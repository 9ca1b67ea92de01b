// Which addresses an operator may set: what goes there is a secret, or what comes from there is clicked on. Each function says
// what is wrong with one, never what it is.

/** Where a secret may go, or come from: https, or http to this machine. Null for any other text. */
export function safeUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url;
  return null;
}

/** The user and password in an address: a secret belongs in a variable of its own. Empty: there are none. */
export function credentialsIn({ username, password }: URL): string {
  return username + password;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const SAFE = 'must be a URL with https://, or with http:// on this machine';

/** What goes there is a key. */
export function replayUrlProblem(text: string): string | null {
  const url = safeUrl(text);
  if (url === null) return SAFE;
  return credentialsIn(url) === ''
    ? null
    : 'must have no user and password in it; set REPLAY_API_KEY and REPLAY_API_SECRET';
}

/** What goes there is a token. Sentry's API is at the root of its host. */
export function sentryUrlProblem(text: string): string | null {
  const url = safeUrl(text);
  if (url === null || url.pathname + url.search + url.hash !== '/') return `${SAFE}, and without a path`;
  return credentialsIn(url) === '' ? null : 'must have no user and password in it; set SENTRY_AUTH_TOKEN';
}

/** Where an incident's key leads; nothing in it may end a link in Slack, and no key may choose the host. */
export function incidentUrlProblem(text: string): string | null {
  const [one = '', other = ''] = ['A-1', 'B-2'].map((key) => text.replaceAll('{key}', key));
  const isSound =
    text.includes('{key}') &&
    !/[\s<>|]/.test(text) &&
    URL.canParse(one) &&
    new URL(one).protocol === 'https:' &&
    credentialsIn(new URL(one)) === '' &&
    URL.canParse(other) &&
    new URL(one).host === new URL(other).host;
  return isSound
    ? null
    : 'must be a URL with https:// and with {key} in its path, such as https://example.atlassian.net/browse/{key}';
}
