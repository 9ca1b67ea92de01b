// Another site's page can make a browser send the cookie; it can't make it lie about where the page came from.
import { type RunningApp, startApp } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import { send } from '../support/http.ts';
import { shared } from '../support/shared.ts';

const DRY_RUN = JSON.stringify({ since: '2026-05-11T12:30:00Z' });

const { world, app, admin } = sharedCaller();

async function statusOf(to: RunningApp, headers: Record<string, string>): Promise<number> {
  const answered = await send(to, { headers: { ...admin, ...headers }, body: DRY_RUN });
  if (answered.status === 403) expect(answered.body).toEqual({ error: 'forbidden' });
  return answered.status;
}

describe('a cookie call is taken for the site’s own', () => {
  it.each([
    ['without an Origin, as curl calls', {}],
    ['from the host that was asked', { host: 'app.onramp.us', origin: 'https://app.onramp.us' }],
    ['from the host and port that were asked', { host: 'localhost:3000', origin: 'http://localhost:3000' }],
    [
      'from a host that names the default port of https',
      { host: 'app.onramp.us:443', origin: 'https://app.onramp.us' },
    ],
    [
      'from a host that names the default port of http',
      { host: 'app.onramp.us:80', origin: 'http://app.onramp.us' },
    ],
    [
      'from an origin that names its default port',
      { host: 'app.onramp.us', origin: 'https://app.onramp.us:443' },
    ],
    ['from a host in other letters', { host: 'App.OnRamp.us', origin: 'https://app.onramp.us' }],
    ['from an IPv6 address', { host: '[::1]:3000', origin: 'http://[::1]:3000' }],
  ])('%s', async (_, headers) => {
    expect(await statusOf(app, headers)).toBe(200);
  });
});

describe('a cookie call is refused', () => {
  it.each([
    ['from another site', { host: 'app.onramp.us', origin: 'https://evil.example' }],
    ['from `null`: a sandboxed frame, a file, a redirect', { host: 'app.onramp.us', origin: 'null' }],
    ['from a host called null when that was asked', { host: 'null', origin: 'null' }],
    ['from a subdomain', { host: 'onramp.us', origin: 'https://app.onramp.us' }],
    ['from the domain above', { host: 'app.onramp.us', origin: 'https://onramp.us' }],
    [
      'from a site whose name begins like ours',
      { host: 'app.onramp.us', origin: 'https://app.onramp.us.evil.example' },
    ],
    ['from another port', { host: 'localhost:3000', origin: 'http://localhost:3001' }],
    ['from the default port where another was asked', { host: 'localhost:3000', origin: 'http://localhost' }],
    [
      'from the default port of the other scheme',
      { host: 'app.onramp.us:80', origin: 'https://app.onramp.us' },
    ],
    ['from an empty Origin', { host: 'app.onramp.us', origin: '' }],
    ['from what is no origin', { host: 'app.onramp.us', origin: 'app.onramp.us' }],
    ['from a local file', { host: 'localhost', origin: 'file://' }],
    ['from a browser extension of the host’s name', { host: 'abcdef', origin: 'chrome-extension://abcdef' }],
  ])('%s', async (_, headers) => {
    expect(await statusOf(app, headers)).toBe(403);
  });
});

describe('behind a proxy that asks under another host', () => {
  const proxied = shared(() => startApp(world, { PUBLIC_ORIGIN: 'https://app.onramp.us' }));

  it.each([
    [
      'the public origin is the site’s own',
      200,
      { host: 'retry-batch.internal:3000', origin: 'https://app.onramp.us' },
    ],
    [
      'also with its default port',
      200,
      { host: 'retry-batch.internal:3000', origin: 'https://app.onramp.us:443' },
    ],
    ['the internal host no longer is', 403, { host: 'app.internal', origin: 'https://app.internal' }],
    ['nor is the public host without TLS', 403, { host: 'app.onramp.us', origin: 'http://app.onramp.us' }],
    ['nor is `null`', 403, { host: 'app.onramp.us', origin: 'null' }],
    ['a call without an Origin is still no page’s', 200, { host: 'app.onramp.us' }],
  ])('%s', async (_, status, headers) => {
    expect(await statusOf(proxied, headers)).toBe(status);
  });
});

describe('an API key', () => {
  it('is no browser’s, so its Origin does not matter', async () => {
    const headers = { ...(await world.apiKey()), origin: 'https://evil.example' };
    expect((await send(app, { headers, body: DRY_RUN })).status).toBe(200);
  });
});
