// The provider is down, slow or confused: whoever signs in reads that, and nobody who has a session notices.
import { freePort } from '../../src/dev/postgres/embedded.ts';
import { startProvider } from '../../src/dev/provider/start.ts';
import { call, startApp } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { atTheEnd } from '../support/shared.ts';
import { PEOPLE, sharedDesk } from './desk.ts';
import { Visitor } from './visitor.ts';

const desk = sharedDesk();
const { app, world, front } = desk;

afterEach(() => front.fail(null));

/** Another process of the bot, which knows nothing of the provider yet. */
async function freshBot(environment: Record<string, string> = {}) {
  return startApp(world, { ...desk.environment(await freePort()), ...environment });
}

const AWAY = ['closed', 'broken', 'silent'] as const;

describe.each(AWAY)('a provider that is %s', (how) => {
  it('keeps no bot from starting, and whoever signs in reads that it does not answer', async () => {
    front.fail(how);
    const bot = await freshBot();
    const answer = await new Visitor().ask(`${bot.url}/sign-in`);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('<h1>The sign-in provider does not answer</h1>');
    expect(answer.text).not.toContain('zq7');
    expect(answer.headers.getSetCookie()).toEqual([]);
    front.fail(null);
    expect((await new Visitor().signIn(bot.url, 'priya@onramp.test')).status).toBe(303);
    await bot.stop();
  });

  it('in the middle of a sign-in signs nobody in, and says so', async () => {
    const visitor = new Visitor();
    const callback = await visitor.walk(app.url, 'priya@onramp.test');
    front.fail(how);
    const answer = await visitor.ask(callback);
    expect([answer.status, visitor.cookies.has('session')]).toEqual([503, false]);
    expect(answer.text).toContain('does not answer');
  });

  it('is not noticed by whoever is signed in', async () => {
    const visitor = new Visitor();
    await visitor.signIn(app.url, 'priya@onramp.test');
    front.fail(how);
    expect((await call(app, visitor.header, WINDOW)).status).toBe(200);
    expect((await visitor.ask(`${app.url}/sign-out`, { method: 'POST' })).status).toBe(200);
  });
});

it('somebody else in the place of the provider is taken for a mistake of the configuration', async () => {
  const bot = await freshBot({ OIDC_ISSUER: `${front.url}/somewhere` });
  const answer = await new Visitor().ask(`${bot.url}/sign-in`);
  expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('Sign-in is not set up right')]);
});

it('a wrong client secret is said to be a mistake of the set-up, and blames nobody who signs in', async () => {
  const bot = await freshBot({ OIDC_CLIENT_SECRET: 'wrong' });
  const answer = await new Visitor().signIn(bot.url, 'priya@onramp.test');
  expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('Sign-in is not set up right')]);
});

it('a provider that takes the client secret in a header alone is good, too', async () => {
  const people = PEOPLE.map(({ is: _, ...account }) => account);
  const provider = await startProvider({ people, clientAuth: 'client_secret_basic' });
  atTheEnd(() => provider.stop());
  const bot = await freshBot({ OIDC_ISSUER: provider.url, OIDC_CLIENT_SECRET: provider.clientSecret });
  // Several at once, before anybody knows which way is taken.
  const visitors = Array.from({ length: 3 }, () => new Visitor());
  const callbacks = await Promise.all(visitors.map((one) => one.walk(bot.url, 'priya@onramp.test')));
  const answers = await Promise.all(visitors.map((one, n) => one.ask(callbacks[n] ?? '')));
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect((await new Visitor().signIn(bot.url, 'priya@onramp.test')).status).toBe(303);
});

it('behind TLS the cookies are for TLS alone', async () => {
  const [origin, people] = ['https://bot.onramp.test', PEOPLE.map(({ is: _, ...account }) => account)];
  const provider = await startProvider({ people, callback: `${origin}/sign-in/callback` });
  atTheEnd(() => provider.stop());
  const bot = await freshBot({
    PUBLIC_ORIGIN: origin,
    OIDC_ISSUER: provider.url,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  const visitor = new Visitor();
  const begun = await visitor.ask(`${bot.url}/sign-in`);
  expect(begun.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
  expect(new URL(begun.headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe(
    `${origin}/sign-in/callback`,
  );
  const callback = await visitor.walk(bot.url, 'priya@onramp.test');
  const ended = await visitor.ask(callback.replace(origin, bot.url));
  expect([ended.status, ended.headers.get('location')]).toEqual([303, `${origin}/batches`]);
  expect(ended.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-sign-in=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    expect.stringMatching(/^session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
  expect((await call(bot, visitor.header, WINDOW)).status).toBe(200);
});
