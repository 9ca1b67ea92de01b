// Who called, from where, and what they were told: in the audit trail, for everybody who had a credential.
import { networkInterfaces } from 'node:os';
import { type RunningApp, startApp } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import { type Call, send } from '../support/http.ts';
import { shared } from '../support/shared.ts';

const DRY_RUN = JSON.stringify({ since: '2026-05-11T12:30:00Z' });

type Event = { action: string; actor: Record<string, unknown>; evidence: Record<string, unknown> };

const { world, app, admin } = sharedCaller();
const proxied = shared(() => startApp(world, { TRUST_PROXY: 'true' }));

/** The events that one call left. */
async function eventsOf(to: RunningApp, call: Call): Promise<Event[]> {
  const { last } = await world.one<{ last: number }>(
    `select coalesce(max(id), 0) as last from retry_batch.events`,
  );
  await send(to, call);
  return world.sql<Event>(
    `select action, actor, evidence from retry_batch.events where id > $1 order by id`,
    [last],
  );
}

async function actorOf(to: RunningApp, call: Call): Promise<Record<string, unknown> | undefined> {
  return (await eventsOf(to, call))[0]?.actor;
}

describe('a call that was done', () => {
  it('names the user behind the cookie, and what they asked', async () => {
    const events = await eventsOf(app, { headers: admin, body: DRY_RUN });
    const user = { id: expect.any(Number), email: 'oncall@onramp.test' };
    expect(events).toMatchObject([
      { action: 'asked', actor: { kind: 'session', user, from: '127.0.0.1' } },
      { action: 'planned', evidence: { matched: 0, eligible: 0, skipped: 0 } },
    ]);
    expect(events[0]?.evidence).toMatchObject({ request: { dry_run: true, error_pattern: null } });
  });

  it('names the API key by its name, never by itself or its secret', async () => {
    const key = await world.apiKey({ name: 'nightly' });
    const events = await eventsOf(app, { headers: key, body: DRY_RUN });
    expect(events[0]?.actor).toEqual({ kind: 'api_key', name: 'nightly', from: '127.0.0.1' });
    const text = JSON.stringify(events);
    expect(text).not.toContain(key.authorization);
    expect(text).not.toContain(key['or-internal-api-auth-secret']);
  });
});

it('a call with the sessions of two people is noted of both, and is neither’s', async () => {
  const other = await world.session((await world.user({ email: 'other@onramp.test' })).id);
  const events = await eventsOf(app, { headers: { cookie: `${other}; ${admin.cookie}` }, body: DRY_RUN });
  const refused = { action: 'refused', evidence: { because: 'several_people', door: 'http', status: 401 } };
  expect(events).toMatchObject(
    ['other@onramp.test', 'oncall@onramp.test'].map((email) => ({
      ...{ ...refused, actor: { kind: 'session', user: { email }, from: '127.0.0.1' } },
    })),
  );
});

describe('a refused call with a valid credential', () => {
  const without = async () => world.session((await world.user({ admin: false })).id);
  const calls: [string, string, number, () => Promise<Call>][] = [
    ['without the role', 'role', 403, async () => ({ headers: { cookie: await without() } })],
    [
      'with a key of another role',
      'role',
      403,
      async () => ({ headers: await world.apiKey({ role: 'READ_ONLY' }) }),
    ],
    [
      'from another site',
      'origin',
      403,
      async () => ({ headers: { ...admin, origin: 'https://evil.example' } }),
    ],
    ['of another type', '415', 415, async () => ({ headers: { ...admin, 'content-type': 'text/plain' } })],
    ['that is too large', '413', 413, async () => ({ headers: admin, body: ' '.repeat(256 * 1024 + 1) })],
    ['that is no JSON', 'invalid_request', 400, async () => ({ headers: admin, body: '{' })],
    [
      'with a mistake in it',
      'invalid_request',
      400,
      async () => ({ headers: admin, body: '{"dryrun": true}' }),
    ],
    [
      'with a window that has not begun',
      'mistakes',
      400,
      async () => ({ headers: admin, body: '{"since": "9999-01-01T00:00:00Z"}' }),
    ],
  ];
  it.each(calls)('%s leaves one event: who, from where, why', async (_, because, status, call) => {
    const events = await eventsOf(app, await call());
    expect(events).toMatchObject([{ action: 'refused', evidence: { because, status, door: 'http' } }]);
    expect(events[0]?.actor.from).toBe('127.0.0.1');
  });
});

describe('a call without a valid credential', () => {
  it('leaves nothing in any table, however often it comes', async () => {
    const call = (n: number): Call => ({
      headers: { cookie: `session=${n}`, 'x-forwarded-for': `198.51.100.${n}` },
      body: DRY_RUN,
    });
    const before = await tuples();
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (await send(proxied, call(n))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await tuples()).toEqual(before);
  });

  async function tuples() {
    return world.one(`select (select count(*) from retry_batch.events) as events,
      (select count(*) from retry_batch.batches) as batches`);
  }
});

describe('where a call came from', () => {
  const from = (value: string | readonly string[]): Call => ({
    headers: { ...admin, 'x-forwarded-for': value },
    body: DRY_RUN,
  });

  it('is the connection’s address where no proxy is trusted, whatever the caller says', async () => {
    expect(await actorOf(app, from('203.0.113.9'))).toMatchObject({ from: '127.0.0.1' });
  });

  it('is the same where the bot listens for IPv4 and IPv6, whose address may stand in brackets', async () => {
    const both = Object.values(networkInterfaces()).some((all) =>
      all?.some(({ family }) => family === 'IPv6'),
    );
    const other = await startApp(world, { HOST: both ? '[::]' : '[127.0.0.1]' });
    expect(await actorOf(other, from('203.0.113.9'))).toMatchObject({ from: '127.0.0.1' });
  });

  it.each([
    ['what the proxy says', '203.0.113.9', '203.0.113.9'],
    ['what the proxy added last, not what the caller put before it', '10.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['also in a header of its own', ['10.0.0.1', '203.0.113.9'], '203.0.113.9'],
    ['also an IPv6 address', '2001:db8::17', '2001:db8::17'],
    ['the connection’s address where the proxy says nothing', '', '127.0.0.1'],
    ['without the port that some proxies add', '203.0.113.9:4711', '203.0.113.9'],
    ['without it also of an IPv6 address', '[2001:db8::17]:4711', '2001:db8::17'],
    ['as IPv4 where the proxy listens for both', '::ffff:203.0.113.9', '203.0.113.9'],
    ['as IPv4 there with a port, too', '[::ffff:203.0.113.9]:4711', '203.0.113.9'],
    ['the connection’s address where it says what is none', 'for="_token-of-a-stranger"', '127.0.0.1'],
    ['the connection’s address where it says nonsense', 'x'.repeat(4000), '127.0.0.1'],
  ])('is, with a trusted proxy, %s', async (_, header, address) => {
    expect(await actorOf(proxied, from(header))).toMatchObject({ from: address });
  });
});

describe('guessing', () => {
  it('is slowed down, and an admin who calls from the same address is not', async () => {
    const from = { 'x-forwarded-for': '192.0.2.66' };
    const answered: string[] = [];
    const guesses = Array.from({ length: 12 }, async () => {
      await send(proxied, { headers: from, body: DRY_RUN });
      answered.push('guess');
    });
    await Promise.race(guesses);
    const valid = await send(proxied, { headers: { ...admin, ...from }, body: DRY_RUN });
    answered.push('admin');
    await Promise.all(guesses);
    expect(valid.status).toBe(200);
    expect(answered.indexOf('admin')).toBeLessThan(answered.lastIndexOf('guess'));
  });
});
