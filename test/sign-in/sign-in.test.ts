// Signing in as somebody does it: to the provider and back, with a session that opens the endpoint and ends with signing out.
import { createHash } from 'node:crypto';
import { call } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { sharedDesk, trail } from './desk.ts';
import { Visitor } from './visitor.ts';

const desk = sharedDesk();
const { world, app } = desk;

const called = (visitor: Visitor) => call(app, visitor.header, WINDOW);
const sessionOf = (visitor: Visitor) => visitor.cookies.get('session') ?? '';
const signOut = (visitor: Visitor, headers: Record<string, string> = {}) =>
  visitor.ask(`${app.url}/sign-out`, { method: 'POST', headers });

describe('an admin who signs in', () => {
  it('comes back to the page asked for, with a session that opens the endpoint', async () => {
    const visitor = new Visitor();
    expect((await called(visitor)).status).toBe(401);
    const answer = await visitor.signIn(
      app.url,
      'priya@onramp.test',
      '?return_to=%2Fbatches%3Fstatus%3Dfinished',
    );
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`${app.url}/batches?status=finished`);
    expect((await called(visitor)).status).toBe(200);
    expect((await trail(desk)).at(-1)).toMatchObject({ action: 'signed_in', who: 'priya@onramp.test' });
  });

  it('is found whatever the case of the address', async () => {
    const visitor = new Visitor();
    expect((await visitor.signIn(app.url, 'Sam.Case@onramp.test')).status).toBe(303);
    expect((await called(visitor)).status).toBe(200);
  });

  it('has a cookie that no script reads and no other site sends, and only its hash is kept', async () => {
    const visitor = new Visitor();
    const answer = await visitor.signIn(app.url, 'priya@onramp.test');
    const [line = ''] = answer.headers.getSetCookie().filter((one) => one.startsWith('session='));
    expect(line).toMatch(/^session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/);
    const value = sessionOf(visitor);
    const kept = await world.sql<{ hash: string; all: string }>(
      `select encode(token_sha256, 'hex') as hash, s::text as all from retry_batch.sessions s`,
    );
    expect(kept.map(({ hash }) => hash)).toContain(createHash('sha256').update(value).digest('hex'));
    // Bytes are shown in hexadecimal: of the cookie's text, or of what it encodes.
    const forms = [
      value,
      Buffer.from(value).toString('hex'),
      Buffer.from(value, 'base64url').toString('hex'),
    ];
    for (const form of forms) expect(kept.map((row) => row.all).join()).not.toContain(form);
    expect(await world.sql(`select from or_sessions`)).toEqual([]);
  });

  it('keeps what recognises the sign-in for ten minutes, in one cookie, and not longer than it takes', async () => {
    const visitor = new Visitor();
    const answer = await visitor.ask(`${app.url}/sign-in`);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const { searchParams } = new URL(answer.headers.get('location') ?? '');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      state: expect.any(String),
      nonce: expect.any(String),
    });
    await visitor.signIn(app.url, 'priya@onramp.test');
    expect([...visitor.cookies.keys()]).not.toContain('sign-in');
  });
});

describe('a session', () => {
  it('ends with signing out, in this browser and wherever its cookie was copied to', async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    const copied = `session=${sessionOf(visitor)}`;
    const answer = await signOut(visitor);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('You are signed out')]);
    expect(visitor.cookies.has('session')).toBe(false);
    expect((await call(app, copied, WINDOW)).status).toBe(401);
    expect((await trail(desk)).at(-1)).toMatchObject({ action: 'signed_out', who: 'priya@onramp.test' });
  });

  it("is not ended by another site's form", async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    for (const headers of [
      { origin: 'https://elsewhere.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
      { 'sec-fetch-site': 'same-site', origin: 'null' },
    ])
      expect((await signOut(visitor, headers)).status).toBe(403);
    expect((await called(visitor)).status).toBe(200);
    expect((await visitor.ask(`${app.url}/sign-out`)).status).toBe(405);
    expect((await called(visitor)).status).toBe(200);
    expect((await signOut(visitor, { origin: app.url })).status).toBe(200);
    // As browsers send it from a page without a referrer.
    expect((await signOut(visitor, { origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('that somebody fixed in the browser beforehand is not the one that is signed in', async () => {
    const visitor = new Visitor();
    visitor.cookies.set('session', 'fixed-by-somebody');
    await visitor.signIn(app.url, 'priya@onramp.test');
    expect(sessionOf(visitor)).not.toBe('fixed-by-somebody');
    expect((await call(app, 'session=fixed-by-somebody', WINDOW)).status).toBe(401);
  });

  it("is not another admin's that a neighbouring host put into the browser, before or behind it: nobody is taken for either", async () => {
    const planted = await world.session((await world.user({ email: 'planted@onramp.test' })).id);
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    for (const cookie of [`${planted}; ${visitor.header}`, `${visitor.header}; ${planted}`]) {
      const page = await fetch(`${app.url}/batches`, { headers: { cookie } });
      expect(page.status).toBe(401);
      const text = await page.text();
      expect(text).toContain('Signed in as several people');
      expect(text).toContain('delete the cookies named <code>session</code>');
      expect(text).not.toContain('planted@onramp.test');
      expect((await call(app, cookie, WINDOW)).status).toBe(401);
    }
    expect((await visitor.ask(`${app.url}/batches`)).status).toBe(200);
  });

  it('ends with signing out also behind many others that somebody put there', async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    const others = Array.from({ length: 20 }, (_, n) => `session=put-there-${n}`).join('; ');
    await fetch(`${app.url}/sign-out`, {
      ...{ method: 'POST', headers: { cookie: `${others}; ${visitor.header}` } },
    });
    expect((await called(visitor)).status).toBe(401);
  });

  it('is a new one at each sign-in, and the one before it ends', async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    const before = sessionOf(visitor);
    await visitor.signIn(app.url, 'priya@onramp.test');
    expect(sessionOf(visitor)).not.toBe(before);
    expect((await call(app, `session=${before}`, WINDOW)).status).toBe(401);
    expect((await called(visitor)).status).toBe(200);
  });

  it('ends by time, and with its user', async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    await world.sql(`update or_users set is_active = false where email = 'priya@onramp.test'`);
    expect((await called(visitor)).status).toBe(401);
    await world.sql(`update or_users set is_active = true where email = 'priya@onramp.test'`);
    expect((await called(visitor)).status).toBe(200);
    await world.sql(`update retry_batch.sessions set expires_at = now() - interval '1 second'`);
    expect((await called(visitor)).status).toBe(401);
  });

  it("of OnRamp's own goes on working beside them, and signing out here does not touch it", async () => {
    const visitor = new Visitor();
    const [, value = ''] = (await world.session((await world.user()).id)).split('=');
    visitor.cookies.set('session', value);
    expect((await called(visitor)).status).toBe(200);
    await signOut(visitor);
    expect((await call(app, `session=${value}`, WINDOW)).status).toBe(200);
  });
});
