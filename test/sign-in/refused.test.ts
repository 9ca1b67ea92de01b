// Who is not let in: told what to do, without a session, and no stranger learns whose addresses are known here.
import { call } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { sharedDesk, trail } from './desk.ts';
import { Visitor } from './visitor.ts';

const desk = sharedDesk();
const { app } = desk;

/** What somebody meets who signs in as this person, and what it leaves in the trail. */
async function tried(email: string) {
  const before = (await trail(desk)).length;
  const visitor = new Visitor();
  const { status, text, headers } = await visitor.signIn(app.url, email);
  const heading = /<h1>(.*?)<\/h1>/.exec(text)?.[1];
  return { status, text, headers, heading, visitor, left: (await trail(desk)).slice(before) };
}

const KNOWN = [
  ['left@onramp.test', 'inactive', 'Your OnRamp user is switched off'],
  ['private@onramp.test', 'domain', 'This account can&#39;t sign in here'],
  ['other@onramp.test', 'domain', 'This account can&#39;t sign in here'],
] as const;

describe('a person of OnRamp', () => {
  it.each(KNOWN)('%s is refused as %s, and the trail says so', async (email, because, heading) => {
    const found = await tried(email);
    expect(found).toMatchObject({ status: 403, heading });
    expect(found.left).toEqual([{ action: 'sign_in_refused', who: email, because, claimed: email }]);
    expect([...found.visitor.cookies.keys()]).not.toContain('session');
  });

  it('whose address is not verified may be anybody: the trail says whom they claimed to be, not that they were', async () => {
    const { status, left, visitor } = await tried('unverified@onramp.test');
    expect(status).toBe(403);
    const claimed = 'unverified@onramp.test';
    expect(left).toEqual([{ action: 'sign_in_refused', who: null, because: 'unverified', claimed }]);
    expect([...visitor.cookies.keys()]).not.toContain('session');
  });

  it('without ONRAMP_ADMIN signs in, and is told by pages and endpoint that it takes the role', async () => {
    const { status, visitor, left } = await tried('colleague@onramp.test');
    expect(status).toBe(303);
    expect(left).toMatchObject([{ action: 'signed_in', who: 'colleague@onramp.test' }]);
    expect((await call(app, visitor.header, WINDOW)).status).toBe(403);
    const page = await visitor.ask(`${app.url}/batches`);
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('ONRAMP_ADMIN')]);
  });
});

it('a colleague whom OnRamp does not know is told to ask for a user, and the trail does not hold their address', async () => {
  const { status, heading, left } = await tried('new@onramp.test');
  expect([status, heading]).toEqual([403, 'OnRamp does not know your e-mail address']);
  expect(left).toEqual([{ action: 'sign_in_refused', who: null, because: 'unknown', claimed: null }]);
});

it('a stranger reads the same whoever he is and whomever he claims to be, and leaves nothing in the trail', async () => {
  const stranger = await tried('stranger@elsewhere.test');
  expect(stranger).toMatchObject({ status: 403, left: [] });
  for (const email of ['private@onramp.test', 'other@onramp.test', 'unverified@onramp.test'])
    expect((await tried(email)).text).toBe(stranger.text);
  for (const word of ['elsewhere', 'onramp.test', 'hd', 'domain']) expect(stranger.text).not.toContain(word);
});

it('whoever breaks it off at the provider is not signed in', async () => {
  const { status, heading, left } = await tried('');
  expect([status, heading]).toEqual([400, 'Not signed in']);
  expect(left).toEqual([]);
});

it('the page of a refusal loads nothing, is kept nowhere and has the way on', async () => {
  const { headers, text } = await tried('stranger@elsewhere.test');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(text).toContain('href="/sign-in"');
  expect(text).not.toMatch(/<script|<img|<link|style="/);
});

describe('an address of another kind', () => {
  it.each(['/sign-in', '/sign-in/callback?code=a&state=b', '/sign-out'])(
    '%s is not there without a client',
    async (path) => {
      const { app: other } = bare;
      expect((await fetch(`${other.url}${path}`, { redirect: 'manual' })).status).toBe(404);
      expect((await fetch(`${other.url}${path}`, { method: 'POST' })).status).toBe(404);
    },
  );
});

const bare = await import('../support/caller.ts').then(({ sharedCaller }) => sharedCaller());
