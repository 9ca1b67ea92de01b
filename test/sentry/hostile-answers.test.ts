// Whatever answers in Sentry's place, and however: the bot says why it could not ask, keeps its token to itself, and goes on.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SentryFault } from '../../src/dev/sentry/faults.ts';
import { startFarSentry } from '../support/sentry.ts';
import { shared } from '../support/shared.ts';
import { ask, GROUP, minutesAgo, sentryOf } from './asking.ts';

const far = shared(() => startFarSentry());
const NAMED = { named: 'ONRAMP-4F2' };
const ERROR = { type: 'UnboundLocalError', value: "cannot access local variable 'a' where it is not set" };

afterEach(() => far.clear());

const FAULTS: readonly (readonly [SentryFault, string | RegExp])[] = [
  [{ kind: 'status', status: 401 }, '401, the token is not valid: set SENTRY_AUTH_TOKEN'],
  [{ kind: 'status', status: 403 }, /^403, the token may not see this/],
  [{ kind: 'status', status: 429 }, '429, it is asked too often'],
  [{ kind: 'status', status: 503 }, '503, it is down'],
  [{ kind: 'html', status: 200 }, /^somebody else answers in Sentry's place/],
  [{ kind: 'html', status: 502 }, '502, it is down'],
  [{ kind: 'redirect', to: 'https://evil.example/' }, '302, a redirect: set SENTRY_URL to where Sentry is'],
  [{ kind: 'huge' }, 'an answer of more than 4 MiB'],
  [{ kind: 'cut' }, 'the connection was cut'],
  [
    { kind: 'body', body: '{"group": {"id": "../../../settings", "shortId": "X-1"}}' },
    "an answer that is not Sentry's",
  ],
  [
    { kind: 'body', body: '{"group": {"id": "1", "shortId": "<!channel>"}}' },
    "an answer that is not Sentry's",
  ],
  [{ kind: 'body', body: 'null' }, "an answer that is not Sentry's"],
  [{ kind: 'body', body: '[[[[[]]]]]' }, "an answer that is not Sentry's"],
];

test.each(FAULTS)('%j is why it was not asked', async (fault, why) => {
  far.capture(ERROR);
  far.fault(fault);
  const answer = await ask(far, NAMED);
  expect(answer).toEqual({
    kind: 'not_asked',
    why: typeof why === 'string' ? why : expect.stringMatching(why),
  });
  expect(JSON.stringify(answer)).not.toContain(far.token);
});

test('a Sentry that takes its time is not waited for', async () => {
  far.fault({ kind: 'slow', ms: 20_000 });
  expect(await ask(far, NAMED, {}, 200)).toEqual({ kind: 'not_asked', why: 'no answer in time' });
});

test('one that is not there is said to be so', async () => {
  const gone = await startFarSentry();
  await gone.stop();
  expect(await ask(gone, NAMED)).toEqual({
    kind: 'not_asked',
    why: 'the connection was refused',
  });
});

test('a limit is kept to: until its time nobody is asked', async () => {
  const sentry = sentryOf(far);
  const question = { ...NAMED, group: null, since: minutesAgo(30).toISOString() };
  far.fault({ kind: 'status', status: 429, retryAfter: '60' });
  await sentry.ask(question, 5000);
  expect(await sentry.ask(question, 5000)).toEqual({
    kind: 'not_asked',
    why: expect.stringMatching(/^429, it wants to be asked again at \d\d:\d\d:\d\d UTC$/),
  });
  expect(far.asked()).toHaveLength(1);
});

describe('the token', () => {
  test('goes nowhere else, wherever redirects and links lead', async () => {
    const strangers: string[] = [];
    const stranger = createServer((request, response) => {
      strangers.push(request.headers.authorization ?? 'none');
      response.end('[]');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    try {
      far.fault({ kind: 'redirect', to: `${address}/api/0/organizations/acme/issues/` });
      await ask(far, { group: GROUP });
      const link = `<${address}/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"`;
      far.fault({ kind: 'body', body: '[]', link });
      await ask(far, { group: GROUP });
      expect(strangers).toEqual([]);
      expect(far.asked().at(-1)?.path).toBe('/api/0/organizations/acme/issues/');
    } finally {
      stranger.close();
      stranger.closeAllConnections();
    }
  });

  test('a page that has itself as the next one ends', async () => {
    const link = `<${far.url}/>; rel="next"; results="true"; cursor="0:0:0"`;
    far.fault({ kind: 'body', body: '[]', link }, 50);
    expect(await ask(far, { group: GROUP })).toEqual({ kind: 'none' });
    expect(far.asked()).toHaveLength(5);
  });
});
