import type { LookupAddress } from 'node:dns';
import { sendWebhook, type WebhookInput, type WebhookOptions } from '../../src/notify/webhook.ts';
import { answering, type Receiver, startReceiver } from './receiver.ts';
import { customerAccepts } from './verify-signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = Uint8Array.from(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'));
const NOW = 1_614_265_330_999;
const demo: WebhookOptions = { allowPrivate: true, now: () => NOW };
const production: WebhookOptions = { allowPrivate: false, now: () => NOW };

function webhook(changes: Partial<WebhookInput>): WebhookInput {
  return { id: 'msg_1', url: 'https://customer.example/hook', secret: SECRET, body: '{"a": 1}', ...changes };
}

function resolvingTo(...addresses: string[]) {
  const asked: string[] = [];
  const resolve = async (hostname: string): Promise<LookupAddress[]> => {
    asked.push(hostname);
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { asked, resolve };
}

const open: Receiver[] = [];
async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  open.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('what the customer receives', () => {
  it('gets the body byte for byte, signed, with one id for webhook and idempotency', async () => {
    const customer = await receiver(answering(200));
    const body = '{"name":  "Zoë — ✓", "n":1.0}\n';
    const result = await sendWebhook(webhook({ url: customer.url, body }), demo);
    expect(result).toEqual({ kind: 'delivered', status: 200 });
    const [request] = customer.received;
    expect(request?.method).toBe('POST');
    expect(request?.body).toEqual(Buffer.from(body, 'utf8'));
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'retry-batch',
      'webhook-id': 'msg_1',
      'idempotency-key': 'msg_1',
      'webhook-timestamp': '1614265330',
    });
    const signature = String(request?.headers['webhook-signature']);
    const signed = { id: 'msg_1', timestamp: '1614265330', signature, body };
    expect(await customerAccepts(KEY, signed)).toBe(true);
  });

  it('gets the same id and a fresh timestamp when a delivery is tried again', async () => {
    const customer = await receiver(answering(503));
    const input = webhook({ url: customer.url });
    await sendWebhook(input, demo);
    await sendWebhook(input, { ...demo, now: () => NOW + 60_000 });
    expect(customer.received.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1']);
    expect(customer.received.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1614265330',
      '1614265390',
    ]);
  });

  it.each([null, ''])(
    'gets no signature header when the vendor secret is %j, and the operator a warning',
    async (secret) => {
      const customer = await receiver(answering(200));
      const result = await sendWebhook(webhook({ url: customer.url, secret }), demo);
      expect(result).toEqual({
        kind: 'delivered',
        status: 200,
        warning: expect.stringContaining('crm_webhook_secret'),
      });
      expect(customer.received[0]?.headers).not.toHaveProperty('webhook-signature');
    },
  );

  it('gets nothing when the secret is malformed, and the operator is not shown the secret', async () => {
    const customer = await receiver(answering(200));
    const result = await sendWebhook(webhook({ url: customer.url, secret: 'whsec_not*base64' }), demo);
    expect(result).toMatchObject({ kind: 'failed', permanent: true });
    expect(JSON.stringify(result)).not.toContain('not*base64');
    expect(customer.connections()).toBe(0);
  });

  it('refuses an id that would break the signed text, as the bug it is', async () => {
    await expect(sendWebhook(webhook({ id: 'a.b' }), demo)).rejects.toThrow(TypeError);
    await expect(sendWebhook(webhook({ id: 'a\r\nb: c' }), demo)).rejects.toThrow(TypeError);
  });
});

describe('what the answer means', () => {
  it.each([200, 201, 202, 204, 299])('counts %i as delivered', async (status) => {
    const customer = await receiver(answering(status));
    expect(await sendWebhook(webhook({ url: customer.url }), demo)).toEqual({ kind: 'delivered', status });
  });

  it.each([400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 599])(
    'tries again after %i, because the customer may mend it',
    async (status) => {
      const customer = await receiver(answering(status));
      const result = await sendWebhook(webhook({ url: customer.url }), demo);
      expect(result).toEqual({
        kind: 'failed',
        permanent: false,
        reason: expect.stringContaining(String(status)),
      });
      expect(JSON.stringify(result)).not.toContain('by the receiver');
    },
  );

  it.each([
    [429, '1800', 1800],
    [503, '0120', 120],
    [500, 'Thu, 25 Feb 2021 15:05:30 GMT', 200],
    [429, '99999999', 99_999_999],
  ])(
    'says when the customer wishes to be tried again: %i with Retry-After %s',
    async (status, wish, seconds) => {
      const customer = await receiver(answering(status, { 'retry-after': wish }));
      expect(await sendWebhook(webhook({ url: customer.url }), demo)).toMatchObject({
        kind: 'failed',
        permanent: false,
        retryAfterSeconds: seconds,
      });
    },
  );

  it.each(['', '0', '-5', '1.5', 'soon', '1e9', 'Thu, 25 Feb 2021 15:00:00 GMT', '9'.repeat(400)])(
    'does not take %j for a wish',
    async (wish) => {
      const customer = await receiver(answering(503, { 'retry-after': wish }));
      const result = await sendWebhook(webhook({ url: customer.url }), demo);
      expect(result).not.toHaveProperty('retryAfterSeconds');
    },
  );

  it('gives up after 410, because the customer wants no more', async () => {
    const customer = await receiver(answering(410));
    const result = await sendWebhook(webhook({ url: customer.url }), demo);
    expect(result).toEqual({ kind: 'failed', permanent: true, reason: expect.stringContaining('410') });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i, and says what to set', async (status) => {
    const elsewhere = await receiver(answering(200));
    const customer = await receiver(answering(status, { location: `${elsewhere.url}?token=t0ken` }));
    const result = await sendWebhook(webhook({ url: customer.url }), demo);
    expect(result).toEqual({
      kind: 'failed',
      permanent: false,
      reason: expect.stringContaining('crm_webhook_url'),
    });
    expect(JSON.stringify(result)).not.toContain('t0ken');
    expect(elsewhere.connections()).toBe(0);
  });
});

describe('where a webhook must not go', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.0.0.1.',
    '10.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '[::1]',
    '[::]',
    '[fd00::1]',
    '[fe80::1]',
    '[ff02::1]',
    '[::ffff:127.0.0.1]',
  ])('refuses https://%s for good, however it is written', async (host) => {
    const result = await sendWebhook(webhook({ url: `https://${host}/hook` }), production);
    expect(result).toMatchObject({ kind: 'failed', permanent: true });
    expect(result).toHaveProperty('reason', expect.stringContaining('private network'));
  });

  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    'refuses for good a host name that resolves to %s',
    async (address) => {
      const { asked, resolve } = resolvingTo(address);
      const result = await sendWebhook(webhook({}), { ...production, resolve });
      expect(result).toMatchObject({ kind: 'failed', permanent: true });
      expect(result).toHaveProperty('reason', expect.stringContaining('private network'));
      expect(asked).toEqual(['customer.example']);
    },
  );

  it('refuses localhost as the system resolves it, without a connection', async () => {
    const inside = await receiver(answering(200));
    const url = `https://localhost:${inside.port}/hook`;
    expect(await sendWebhook(webhook({ url }), production)).toMatchObject({
      kind: 'failed',
      permanent: true,
    });
    expect(inside.connections()).toBe(0);
  });

  it('connects to the address it checked, though the name has a private one a moment later', async () => {
    const first = await receiver(answering(200));
    const second = await receiver(answering(200), { host: '127.0.0.2' });
    const answers = ['127.0.0.1', '127.0.0.2'];
    let asked = 0;
    const resolve = async () => [{ address: answers[asked++] ?? '127.0.0.2', family: 4 }];
    const url = `http://customer.example:${first.port}/hook`;
    expect(await sendWebhook(webhook({ url }), { ...demo, resolve })).toMatchObject({ kind: 'delivered' });
    expect(asked).toBe(1);
    expect([first.received.length, second.connections()]).toEqual([1, 0]);
    expect(first.received[0]?.headers.host).toBe(`customer.example:${first.port}`);
  });

  it.each([
    ['http://customer.example/hook', 'https'],
    ['ftp://customer.example/hook', 'https'],
    ['file:///etc/passwd', 'https'],
    ['https://user:t0ken@customer.example/hook', 'password'],
    ['https://t0ken@customer.example/hook', 'password'],
    ['t0ken', 'not a url'],
    ['', 'not a url'],
  ])('refuses %j for good and does not repeat it', async (url, why) => {
    const result = await sendWebhook(webhook({ url }), production);
    expect(result).toEqual({ kind: 'failed', permanent: true, reason: expect.stringContaining(why) });
    expect(JSON.stringify(result)).not.toContain('t0ken');
  });

  it('refuses a url with a password in the demo too', async () => {
    const result = await sendWebhook(webhook({ url: 'http://a:b@127.0.0.1/hook' }), demo);
    expect(result).toMatchObject({ kind: 'failed', permanent: true });
  });
});
