// Who may call: whoever knows the key and the secret.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Settings } from './settings.ts';

/** Compares digests, so that the time it takes tells neither a length nor a first letter. */
export function isAllowed(headers: IncomingHttpHeaders, settings: Settings): boolean {
  const key = isSame(headers.authorization, settings.APPLICATION_API_KEY);
  const secret = isSame(headers['or-internal-api-auth-secret'], settings.APPLICATION_API_SECRET);
  return key && secret;
}

function isSame(given: string | string[] | undefined, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(wanted));
}
