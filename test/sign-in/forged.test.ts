// What comes back from the provider is believed only as far as it is proved: answers and tokens that somebody changed on the
// way sign nobody in, and no page and no log says which part was wrong, or holds a token.

import { freePort } from '../../src/dev/postgres/embedded.ts';
import type { Forgery } from '../../src/dev/provider/front.ts';
import { type BotProcess, environmentOf, startBot } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { sharedDesk, trail } from './desk.ts';
import { Visitor } from './visitor.ts';

const desk = sharedDesk();
const { front, world } = desk;
const bot: BotProcess = shared(async () =>
  startBot(world, { ...environmentOf(world), ...desk.environment(await freePort()), LOG_LEVEL: 'trace' }),
);

afterEach(() => front.forge(null));

const now = () => Math.floor(Date.now() / 1000);

const FORGERIES: [what: string, forgery: Forgery][] = [
  ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://accounts.elsewhere.test' }) }],
  ['for another client', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }],
  [
    'for this client and another',
    { claims: (claims) => ({ ...claims, aud: ['retry-batch', 'b'], azp: 'b' }) },
  ],
  ['of another sign-in (nonce)', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
  ['without a nonce', { claims: ({ nonce: _, ...claims }) => claims }],
  ['that has expired', { claims: (claims) => ({ ...claims, iat: now() - 7200, exp: now() - 3600 }) }],
  ['without an end', { claims: ({ exp: _, ...claims }) => claims }],
  ['without a signature (alg none)', { signedBy: 'none' }],
  ['signed by somebody else', { signedBy: 'stranger' }],
];

/** Nobody is signed in: no session, nothing in the trail. Answers the page. */
async function refusedPage(visitor: Visitor, callback: string) {
  const before = (await trail(desk)).length;
  const answer = await visitor.ask(callback);
  expect(visitor.cookies.has('session')).toBe(false);
  expect(await trail(desk)).toHaveLength(before);
  return answer;
}

describe('an id token', () => {
  it('that the front signs again, unchanged, is good: what is refused below is refused for its change', async () => {
    front.forge({ signedBy: 'own' });
    const visitor = new Visitor();
    expect((await visitor.signIn(bot.url, 'priya@onramp.test')).status).toBe(303);
  });

  it.each(FORGERIES)('%s signs nobody in, and the page does not say why', async (_what, forgery) => {
    front.forge(forgery);
    const visitor = new Visitor();
    const page = await refusedPage(visitor, await visitor.walk(bot.url, 'priya@onramp.test'));
    expect(page.status).toBe(403);
    expect(page.text).toContain('could not be verified');
    expect(page.text).not.toMatch(/issuer|audience|nonce|signature|expired|JWT|token|priya/i);
  });

  it.each([
    ['a string', 'true'],
    ['missing', undefined],
    ['one', 1],
  ])('whose email_verified is %s vouches for no address', async (_what, email_verified) => {
    front.forge({ claims: (claims) => ({ ...claims, email_verified }) });
    const visitor = new Visitor();
    const answer = await visitor.signIn(bot.url, 'priya@onramp.test');
    expect([answer.status, visitor.cookies.has('session')]).toEqual([403, false]);
  });

  it.each([
    // Postgres makes a Kelvin sign a small k.
    '\u212aai@onramp.test',
    'kai@onramp.test\u0000',
    'kai@onramp.test@elsewhere.test',
    'kai@evil-onramp.test',
    ['kai@onramp.test'],
    {},
    null,
  ])('whose address is %j is nobody of OnRamp', async (email) => {
    front.forge({ claims: (claims) => ({ ...claims, email }) });
    const visitor = new Visitor();
    const answer = await visitor.signIn(bot.url, 'kai@onramp.test');
    expect([answer.status, visitor.cookies.has('session')]).toEqual([403, false]);
  });

  it.each(['ONRAMP.TEST.elsewhere', 'onramp', '', ['onramp.test'], true])(
    'of the organisation %j is of another one',
    async (hd) => {
      front.forge({ claims: (claims) => ({ ...claims, hd }) });
      const visitor = new Visitor();
      expect((await visitor.signIn(bot.url, 'priya@onramp.test')).status).toBe(403);
    },
  );
});

describe('an answer', () => {
  it('of another sign-in (state) signs nobody in', async () => {
    const visitor = new Visitor();
    const callback = new URL(await visitor.walk(bot.url, 'priya@onramp.test'));
    callback.searchParams.set('state', 'another');
    expect((await refusedPage(visitor, callback.href)).status).toBe(403);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'with an error that a stranger made up (%s) is no trouble of the bot’s',
    async (error) => {
      const visitor = new Visitor();
      const callback = new URL(await visitor.walk(bot.url, 'priya@onramp.test'));
      callback.searchParams.delete('code');
      callback.searchParams.set('error', error);
      const page = await refusedPage(visitor, callback.href);
      expect([page.status, page.text]).toEqual([503, expect.stringContaining('href="/sign-in"')]);
    },
  );

  it('without a state signs nobody in', async () => {
    const visitor = new Visitor();
    const callback = new URL(await visitor.walk(bot.url, 'priya@onramp.test'));
    callback.searchParams.delete('state');
    expect((await refusedPage(visitor, callback.href)).status).toBe(403);
  });

  it('in another browser signs nobody in: it has no cookie of that sign-in', async () => {
    const callback = await new Visitor().walk(bot.url, 'priya@onramp.test');
    const page = await refusedPage(new Visitor(), callback);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('href="/sign-in"')]);
  });

  it("in a browser with a sign-in of its own signs nobody in: nobody gets somebody else's session", async () => {
    const callback = await new Visitor().walk(bot.url, 'colleague@onramp.test');
    const victim = new Visitor();
    await victim.ask(`${bot.url}/sign-in`);
    expect((await refusedPage(victim, callback)).status).toBe(403);
  });

  it('that comes a second time signs nobody in, although the cookie was kept', async () => {
    const visitor = new Visitor();
    const callback = await visitor.walk(bot.url, 'priya@onramp.test');
    const copied = new Visitor();
    for (const [name, value] of visitor.cookies) copied.cookies.set(name, value);
    expect((await visitor.ask(callback)).status).toBe(303);
    expect((await refusedPage(copied, callback)).status).toBe(400);
    const again = await visitor.ask(callback);
    expect(again.status).toBe(400);
  });

  it.each(['', 'zq7', Buffer.from('{}').toString('base64url'), Buffer.from('null').toString('base64url')])(
    'with a cookie that nobody here made (%j) signs nobody in',
    async (value) => {
      const visitor = new Visitor();
      const callback = await visitor.walk(bot.url, 'priya@onramp.test');
      visitor.cookies.set('sign-in', value);
      expect((await refusedPage(visitor, callback)).status).toBe(400);
    },
  );
});

it('the log says that somebody was not signed in and a code of why, and holds no token, code, state or address', async () => {
  front.forge({ claims: (claims) => ({ ...claims, nonce: 'zq7-nonce', zq7: 'zq7-claim' }) });
  const visitor = new Visitor();
  const callback = await visitor.walk(bot.url, 'priya@onramp.test');
  const before = bot.log().length;
  await visitor.ask(callback);
  const refused = await until('the log says so', () =>
    bot
      .log()
      .slice(before)
      .find((line) => line.msg === 'nobody was signed in'),
  );
  expect(refused).toMatchObject({ because: 'unproven', code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
  const said = bot.stdout() + bot.stderr();
  const { searchParams } = new URL(callback);
  for (const secret of ['zq7', 'eyJ', 'priya', searchParams.get('code'), searchParams.get('state')])
    expect(said).not.toContain(secret);
});
