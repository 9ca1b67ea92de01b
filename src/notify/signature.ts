// Signs a webhook as Standard Webhooks 1.0 define it (symmetric, `v1`). Never shows the secret to anybody.
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** What a vendor's stored secret turned out to be. */
export type SigningKey =
  | { readonly kind: 'key'; readonly bytes: Buffer }
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' };

/** `whsec_` and base64, or any other text as its own bytes. An empty secret is none: anybody could sign with it. */
export function readSecret(secret: string | null): SigningKey {
  if (secret === null || secret === '') return { kind: 'none' };
  if (!secret.startsWith(PREFIX)) return { kind: 'key', bytes: Buffer.from(secret, 'utf8') };
  const encoded = secret.slice(PREFIX.length);
  // Buffer.from() skips what it can't decode, and would sign with a key that the customer does not have.
  if (encoded === '' || !BASE64.test(encoded)) return { kind: 'malformed' };
  return { kind: 'key', bytes: Buffer.from(encoded, 'base64') };
}

/** The value of `webhook-signature`; `timestamp` is in whole seconds since 1970. */
export function sign(key: Buffer, id: string, timestamp: number, body: string): string {
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64');
  return `v1,${digest}`;
}
