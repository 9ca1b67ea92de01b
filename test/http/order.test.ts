// What is said to a call that is wrong in two ways: the earlier of 405, 401, 403, 415, 413, 400.

import { sharedCaller } from '../support/caller.ts';
import { type Call, ENDPOINT, send } from '../support/http.ts';

const TOO_LARGE = ' '.repeat(256 * 1024 + 1);

const { world, app, admin } = sharedCaller();
let nobody: string;

beforeAll(async () => {
  nobody = await world.session((await world.user({ admin: false })).id);
});

describe('a call that is wrong in two ways is told', () => {
  const pairs: [string, number, () => Call][] = [
    ['its method before its missing credential', 405, () => ({ method: 'PUT' })],
    ['its credential before its role', 401, () => ({ headers: { authorization: 'x', cookie: nobody } })],
    ['its credential before its Origin', 401, () => ({ headers: { origin: 'https://evil.example' } })],
    ['its role before its type', 403, () => ({ headers: { cookie: nobody, 'content-type': 'text/plain' } })],
    [
      'its Origin before its type',
      403,
      () => ({ headers: { ...admin, origin: 'https://evil.example', 'content-type': 'text/plain' } }),
    ],
    [
      'its type before its size',
      415,
      () => ({ headers: { ...admin, 'content-type': 'text/plain' }, body: TOO_LARGE }),
    ],
    ['its size before its content', 413, () => ({ headers: admin, body: TOO_LARGE })],
    [
      'its size before its content, in chunks too',
      413,
      () => ({ headers: admin, body: TOO_LARGE, chunked: true }),
    ],
    ['its credential before its size', 401, () => ({ body: TOO_LARGE })],
    ['its role before its content', 403, () => ({ headers: { cookie: nobody }, body: '{' })],
    ['its content at last', 400, () => ({ headers: admin, body: '{' })],
  ];
  it.each(pairs)('%s (%i)', async (_, status, call) => {
    expect((await send(app, call())).status).toBe(status);
  });
});

describe('another method', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is told to POST, admin or not',
    async (method) => {
      for (const headers of [{}, admin]) {
        const answered = await send(app, { method, headers });
        expect(answered).toMatchObject({ status: 405, body: { error: 'method_not_allowed' } });
        expect(answered.headers.allow).toBe('POST');
      }
    },
  );

  it('HEAD is told without a body', async () => {
    expect(await send(app, { method: 'HEAD' })).toMatchObject({ status: 405, text: '' });
  });
});

describe('another path', () => {
  it.each([`${ENDPOINT}/`, '/api/ramps/executions', '/'])('%s is not there', async (path) => {
    expect(await send(app, { path, headers: admin })).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    });
  });

  it('is the same with a query behind it', async () => {
    const call = { path: `${ENDPOINT}?dry_run=false`, headers: admin };
    const answered = await send(app, { ...call, body: '{"since": "2026-05-11T12:30:00Z"}' });
    expect(answered).toMatchObject({ status: 200, body: { dry_run: true } });
  });
});

describe('every answer', () => {
  it('is JSON that nobody keeps or guesses at', async () => {
    for (const call of [{}, { headers: admin, body: '{}' }, { path: '/nowhere' }, { method: 'GET' }]) {
      expect((await send(app, call)).headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});
