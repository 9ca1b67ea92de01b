// The headers of every page. The policy has no exception: no script, no picture from elsewhere, no frame, no other host.
import type { MiddlewareHandler } from 'hono';
import { STYLE_SOURCE } from './style.ts';

const POLICY = [
  `default-src 'none'`,
  `style-src ${STYLE_SOURCE}`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Puts them on whatever a page's handler answers, a redirect and an error too. */
export const withPageHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(PAGE_HEADERS)) context.header(name, value);
};
