// What every page has in common: who may read it, and what the browser is told about it.
import { Agent, request } from 'node:http';
import { sharedCaller } from '../support/caller.ts';

const { world, app, admin } = sharedCaller();

const get = (path: string, cookie?: string) =>
  fetch(`${app.url}${path}`, { redirect: 'manual', ...(cookie ? { headers: { cookie } } : {}) });

it('a page without a session says so with 401, without the role with 403', async () => {
  const stranger = await get('/batches');
  expect([stranger.status, await stranger.text()]).toEqual([
    401,
    expect.stringContaining('<h1>Sign in first</h1>'),
  ]);
  const colleague = await world.session((await world.user({ admin: false })).id);
  expect((await get('/batches', colleague)).status).toBe(403);
});

it('a session that is over is slowed down like a wrong one of the endpoint, and opens nothing', async () => {
  const began = performance.now();
  // The fourth waits a quarter of a second, the fifth half a one.
  for (let n = 0; n < 5; n += 1) expect((await get('/batches', `session=guessed-${n}`)).status).toBe(401);
  expect(performance.now() - began).toBeGreaterThan(700);
  const scraped = await (await fetch(`${app.url}/metrics`)).text();
  expect(scraped).toContain('retry_batch_unauthenticated_calls_total 5');
});

it('an admin gets by, and what is not there is a page that leads on', async () => {
  const answer = await get('/batches/nothing/at/all', admin.cookie);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('<a href="/batches">');
});

it.each([401, 404])('a page with status %d may load nothing and is kept nowhere', async (status) => {
  const answer = await get('/batches/x/y', status === 404 ? admin.cookie : undefined);
  expect(answer.status).toBe(status);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

it('a Host that is no host is refused, and nothing of it is repeated', async () => {
  const { hostname, port } = new URL(app.url);
  const answered = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path: '/batches', headers: { host: 'zq7"<b>' }, agent: new Agent() },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      },
    );
    outgoing.on('error', reject).end();
  });
  expect(answered).toEqual({ status: 400, text: '' });
});
