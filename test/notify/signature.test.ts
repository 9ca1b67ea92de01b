import fc from 'fast-check';
import { readSecret, sign } from '../../src/notify/signature.ts';
import { customerAccepts } from './verify-signature.ts';

function keyOf(secret: string): Buffer {
  const key = readSecret(secret);
  if (key.kind !== 'key') throw new Error(`the secret is ${key.kind}`);
  return key.bytes;
}

const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const timestamps = fc.integer({ min: 0, max: 4_000_000_000 });
const bodies = fc.string({ unit: 'grapheme', maxLength: 200 });
const keys = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Uint8Array.from(bytes));

describe('what a customer can check', () => {
  it('gives the signature that Standard Webhooks publish for their example', () => {
    const key = keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(sign(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('lets a customer with a whsec_ secret verify whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(keys, ids, timestamps, bodies, async (key, id, timestamp, body) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const signature = sign(keyOf(secret), id, timestamp, body);
        expect(await customerAccepts(key, { id, timestamp: String(timestamp), signature, body })).toBe(true);
      }),
    );
  });

  it('lets a customer with any other secret verify with the bytes of its text', async () => {
    const secrets = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.startsWith('whsec_'));
    await fc.assert(
      fc.asyncProperty(secrets, ids, timestamps, bodies, async (secret, id, timestamp, body) => {
        const signature = sign(keyOf(secret), id, timestamp, body);
        const key = new TextEncoder().encode(secret);
        expect(await customerAccepts(key, { id, timestamp: String(timestamp), signature, body })).toBe(true);
      }),
    );
  });

  it('lets no customer accept a request whose body, id, time or key was changed on the way', async () => {
    await fc.assert(
      fc.asyncProperty(keys, ids, timestamps, bodies, async (key, id, timestamp, body) => {
        const signature = sign(Buffer.from(key), id, timestamp, body);
        const sent = { id, timestamp: String(timestamp), signature, body };
        expect(await customerAccepts(key, { ...sent, body: `${body} ` })).toBe(false);
        expect(await customerAccepts(key, { ...sent, id: `${id}x` })).toBe(false);
        expect(await customerAccepts(key, { ...sent, timestamp: String(timestamp + 1) })).toBe(false);
        const other = Uint8Array.from(key, (byte) => byte ^ 1);
        expect(await customerAccepts(other, sent)).toBe(false);
      }),
    );
  });
});

describe('what a vendor may have stored as its secret', () => {
  it('takes base64 with and without its padding for the same key', () => {
    expect(keyOf('whsec_c2VjcmV0IQ')).toEqual(keyOf('whsec_c2VjcmV0IQ=='));
  });

  it.each([
    'whsec_',
    'whsec_*',
    'whsec_abc de',
    'whsec_c2VjcmV0IQ==\n',
    'whsec_a',
    'whsec_ab=',
    'whsec_a-_b',
  ])('calls %j malformed rather than sign with half a key', (secret) => {
    expect(readSecret(secret)).toEqual({ kind: 'malformed' });
  });

  it.each([null, ''])('takes %j for no secret, because anybody could sign with an empty one', (secret) => {
    expect(readSecret(secret)).toEqual({ kind: 'none' });
  });
});
