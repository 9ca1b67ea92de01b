// What stands in a request's first line where something is between: a caller or a probe whose HTTP_PROXY is the bot itself, and
// proxies that forward what they got, send scheme and host as well (RFC 9112's absolute form).
import { request } from 'node:http';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { ENDPOINT } from '../support/http.ts';

const { app, admin } = sharedCaller();

/** The status of a request with exactly this target. */
async function statusOf(target: string, method = 'GET', body = ''): Promise<number> {
  const { hostname, port } = new URL(app.url);
  const headers = { ...admin, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path: target, method, headers, agent: false }, (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on('error', reject).end(body);
  });
}

it.each(['http://bot.example.com', 'HTTP://bot.example.com:8080', 'https://[::1]:3000'])(
  'a target that begins with %s leads where its path does',
  async (origin) => {
    expect(await statusOf(`${origin}/healthz`)).toBe(200);
    expect(await statusOf(`${origin}/metrics?all`)).toBe(200);
    expect(await statusOf(`${origin}${ENDPOINT}`, 'POST', JSON.stringify(WINDOW))).toBe(200);
    // Slack's door refuses it for its signature, and not as something that is not there.
    expect(await statusOf(`${origin}/slack/events`, 'POST', '{}')).toBe(401);
    expect(await statusOf(`${origin}/nothing`)).toBe(404);
    expect(await statusOf(origin)).toBe(404);
  },
);

it.each(['/http://bot.example.com/healthz', '//bot.example.com/healthz', 'ftp://bot.example.com/healthz'])(
  '%s is a path, and nothing is there',
  async (target) => {
    expect(await statusOf(target)).toBe(404);
  },
);
