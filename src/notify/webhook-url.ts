// Judges the url that a vendor stored, before anything is sent. Never repeats it: it may hold a token.
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** A url to post to, or one sentence about why not and what to do. */
export type WebhookUrl =
  | { readonly kind: 'usable'; readonly url: URL }
  | { readonly kind: 'unusable'; readonly reason: string };

/** What the vendor can do about an address that only a private network knows. */
export const PRIVATE_ADDRESS =
  'The webhook address lies in a private network, which webhooks must not reach: correct crm_webhook_url.';

/**
 * https and a public host; with `allowPrivate`, http and private addresses too. A host name is only judged
 * when it is resolved.
 */
export function readWebhookUrl(text: string, allowPrivate: boolean): WebhookUrl {
  const url = URL.parse(text);
  const scheme = allowPrivate ? 'http or https' : 'https';
  if (url === null)
    return unusable(`The webhook address is not a url: set crm_webhook_url to an ${scheme} url.`);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    return unusable(`The webhook address must use ${scheme}: correct crm_webhook_url.`);
  }
  if (url.username !== '' || url.password !== '') {
    return unusable(
      'The webhook address contains a user name or password: take them out of crm_webhook_url.',
    );
  }
  // URL has already turned every notation of an IPv4 address (hexadecimal, one number) into the usual one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return unusable(PRIVATE_ADDRESS);
  return { kind: 'usable', url };
}

function unusable(reason: string): WebhookUrl {
  return { kind: 'unusable', reason };
}
