// Who may call the endpoint, and what everybody else is told.
import { randomBytes } from 'node:crypto';
import { sharedCaller } from '../support/caller.ts';
import { send } from '../support/http.ts';

type Headers = Record<string, string | readonly string[]>;

const DRY_RUN = JSON.stringify({ since: '2026-05-11T12:30:00Z' });

// Each call from an address of its own, or the guesses would be slowed down.
const { world, app } = sharedCaller({ TRUST_PROXY: 'true' });

let calls = 0;
const ask = (headers: Headers) => {
  calls += 1;
  return send(app, { headers: { 'x-forwarded-for': `192.0.2.${calls}`, ...headers }, body: DRY_RUN });
};
const admin = async () => world.session((await world.user()).id);
/** One that somebody is given who signs in at the bot. */
const ownSession = async (userId: number) => {
  const value = randomBytes(32).toString('base64url');
  await world.sql(
    `insert into retry_batch.sessions (token_sha256, user_id, expires_at)
     values (sha256($1::bytea), $2, now() + interval '8 hours')`,
    [Buffer.from(value), userId],
  );
  return `session=${value}`;
};
const nobodysRole = async () => world.session((await world.user({ admin: false })).id);

describe('a caller is let in', () => {
  it('with the session cookie of an ONRAMP_ADMIN', async () => {
    expect((await ask({ cookie: await admin() })).status).toBe(200);
  });

  it('with the session cookie among the other cookies of the site', async () => {
    const cookie = `theme=dark; session_hint=1; ${await admin()}; __Host-session=other; _ga=1.2`;
    expect((await ask({ cookie })).status).toBe(200);
  });

  it.each([
    ['before', async (good: string) => `session=somebody-elses; ${good}`],
    ['behind', async (good: string) => `${good}; session=somebody-elses`],
    ['behind that of a user without the role', async (good: string) => `${await nobodysRole()}; ${good}`],
    ['among its own copies', async (good: string) => `session=old; ${good}; ${good}; session=`],
  ])('with a live session cookie %s another of the same name, as browsers send them', async (_, both) => {
    expect((await ask({ cookie: await both(await admin()) })).status).toBe(200);
  });

  it('with two live sessions of one person, OnRamp’s and the bot’s own, whichever comes first', async () => {
    const { id } = await world.user();
    const both = [await world.session(id), await ownSession(id)];
    for (const cookies of [both, both.toReversed()])
      expect((await ask({ cookie: cookies.join('; ') })).status).toBe(200);
  });

  it('with an internal API key and its secret', async () => {
    expect((await ask(await world.apiKey())).status).toBe(200);
  });

  it('with an API key although the browser also sent somebody else’s cookie', async () => {
    expect((await ask({ ...(await world.apiKey()), cookie: await nobodysRole() })).status).toBe(200);
  });
});

describe('of live sessions of two people, one of which a neighbouring host may have put into the browser, none wins', () => {
  const sessions: Record<string, (mine: number) => Promise<[mine: string, planted: string]>> = {
    'one’s own of OnRamp’s and another admin’s': async (mine) => [await world.session(mine), await admin()],
    'one’s own of the bot’s and another admin’s of OnRamp’s': async (mine) => [
      await ownSession(mine),
      await admin(),
    ],
    'one’s own of OnRamp’s and another admin’s of the bot’s': async (mine) => [
      await world.session(mine),
      await ownSession((await world.user()).id),
    ],
  };

  it.each(Object.entries(sessions))('%s', async (_, make) => {
    const me = await world.user();
    const [mine, planted] = await make(me.id);
    for (const cookies of [
      [planted, mine],
      [mine, planted],
      [planted, 'session=ended', mine],
    ]) {
      const answered = await ask({ cookie: cookies.join('; ') });
      expect(answered.status).toBe(401);
      expect(answered.body).toEqual({
        error: 'unauthenticated',
        message: expect.stringContaining('sign out of the others or delete their cookies'),
      });
    }
    expect((await ask({ cookie: mine })).status).toBe(200);
  });

  it('nor where one’s own is behind more cookies than are looked at', async () => {
    const planted = [await admin(), 'session=a', 'session=b', 'session=c'].join('; ');
    expect((await ask({ cookie: `${planted}; ${await admin()}` })).status).toBe(401);
  });
});

describe('a caller is not let in and told nothing but that', () => {
  const key = async (change: (valid: Headers) => Headers, options = {}): Promise<Headers> =>
    change(await world.apiKey(options));

  const denials: Record<string, () => Promise<Headers>> = {
    'without any credential': async () => ({}),
    'with an empty cookie': async () => ({ cookie: 'session=' }),
    'with a session that nobody has': async () => ({
      cookie: 'session=00000000-0000-0000-0000-000000000000',
    }),
    'with the hash of a live session, as somebody who read the table would': async () => {
      const cookie = await admin();
      const [row] = await world.sql<{ hex: string }>(
        `select encode(token_sha256, 'hex') as hex from or_sessions where token_sha256 = sha256($1::bytea)`,
        [Buffer.from(cookie.replace('session=', ''))],
      );
      expect(row?.hex).toMatch(/^[0-9a-f]{64}$/);
      return { cookie: `session=${row?.hex}` };
    },
    'with a live session behind more guesses than a browser has cookies': async () => ({
      cookie: `${Array.from({ length: 40 }, (_, n) => `session=guess-${n}`).join('; ')}; ${await admin()}`,
    }),
    'with a live session under another cookie’s name': async () => ({
      cookie: (await admin()).replace('session=', 'Session='),
    }),
    'with an expired session': async () => ({
      cookie: await world.session((await world.user()).id, { expired: true }),
    }),
    'with a revoked session': async () => ({
      cookie: await world.session((await world.user()).id, { revoked: true }),
    }),
    'with the session of a user who is no longer active': async () => ({
      cookie: await world.session((await world.user({ active: false })).id),
    }),
    'with an API key that does not exist': () => key((valid) => ({ ...valid, authorization: 'key-unknown' })),
    'with an API key in other letters': () =>
      key((valid) => ({ ...valid, authorization: String(valid.authorization).toUpperCase() })),
    'with a wrong secret': () => key((valid) => ({ ...valid, 'or-internal-api-auth-secret': 'wrong' })),
    'with an empty secret': () => key((valid) => ({ ...valid, 'or-internal-api-auth-secret': '' })),
    'without the secret': () => key(({ authorization }) => ({ authorization: authorization ?? '' })),
    'with the secret twice': () =>
      key((valid) => {
        const secret = String(valid['or-internal-api-auth-secret']);
        return { ...valid, 'or-internal-api-auth-secret': [secret, secret] };
      }),
    'with the secret of another key': async () => ({
      ...(await world.apiKey()),
      'or-internal-api-auth-secret': (await world.apiKey())['or-internal-api-auth-secret'],
    }),
    'with a revoked API key': () => key((valid) => valid, { revoked: true }),
    'with a secret alone': () =>
      key((valid) => ({ 'or-internal-api-auth-secret': valid['or-internal-api-auth-secret'] ?? '' })),
    'with a wrong Authorization, although the cookie is valid': async () => ({
      authorization: 'Bearer something',
      cookie: await admin(),
    }),
    'with an empty Authorization, although the cookie is valid': async () => ({
      authorization: '',
      cookie: await admin(),
    }),
  };

  let first: { text: string; headers: string[] } | undefined;
  it.each(Object.entries(denials))('%s', async (_, headers) => {
    const answered = await ask(await headers());
    expect(answered.status).toBe(401);
    expect(answered.body).toEqual({ error: 'unauthenticated' });
    const seen = { text: answered.text, headers: Object.keys(answered.headers).sort() };
    first ??= seen;
    expect(seen).toEqual(first);
  });
});

describe('a caller with a valid credential but without the role is forbidden', () => {
  const FORBIDDEN = { status: 403, body: { error: 'forbidden' } };

  it('as a user without ONRAMP_ADMIN', async () => {
    expect(await ask({ cookie: await nobodysRole() })).toMatchObject(FORBIDDEN);
  });

  it('as a user with another role', async () => {
    const { id } = await world.user({ admin: false });
    await world.sql(
      `insert into or_user_roles (user_id, role) values ($1, 'onramp_admin'), ($1, 'VENDOR_ADMIN')`,
      [id],
    );
    expect(await ask({ cookie: await world.session(id) })).toMatchObject(FORBIDDEN);
  });

  it('as an API key with another role', async () => {
    expect(await ask(await world.apiKey({ role: 'READ_ONLY' }))).toMatchObject(FORBIDDEN);
  });

  it('as an API key with another role, although the cookie is an admin’s', async () => {
    const headers = { ...(await world.apiKey({ role: 'READ_ONLY' })), cookie: await admin() };
    expect(await ask(headers)).toMatchObject(FORBIDDEN);
  });
});

describe('a credential is judged at each call', () => {
  it('so that a role, a session and a key that are taken away end at once', async () => {
    const { id } = await world.user();
    const cookie = await world.session(id);
    const key = await world.apiKey();
    expect((await ask({ cookie })).status).toBe(200);
    await world.sql(`delete from or_user_roles where user_id = $1`, [id]);
    expect((await ask({ cookie })).status).toBe(403);
    await world.sql(`update or_sessions set revoked_at = now() where user_id = $1`, [id]);
    expect((await ask({ cookie })).status).toBe(401);
    expect((await ask(key)).status).toBe(200);
    await world.sql(`update or_internal_api_keys set revoked_at = now() where api_key = $1`, [
      key.authorization,
    ]);
    expect((await ask(key)).status).toBe(401);
  });
});
