// The bad days that can be ordered of this Sentry, or of whatever stands in its place.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type SentryFault =
  /** Its own refusals, in its own words. */
  | {
      readonly kind: 'status';
      readonly status: 400 | 401 | 403 | 404 | 429 | 500 | 503;
      readonly retryAfter?: string;
    }
  | { readonly kind: 'slow'; readonly ms: number }
  /** A proxy's login page, with whatever status. */
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  /** JSON without end. */
  | { readonly kind: 'huge' }
  | { readonly kind: 'body'; readonly body: string; readonly link?: string }
  | { readonly kind: 'cut' };

export const DETAILS: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Invalid token',
  403: 'You do not have permission to perform this action.',
  404: 'The requested resource does not exist',
  429: 'You are attempting to use this endpoint too frequently. Limit is 5 requests in 1 seconds',
  500: 'Internal Error',
  503: 'Service Unavailable',
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** Does it; false where the answer is still to come. */
export async function strike(fault: SentryFault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await sleep(fault.ms, undefined, { ref: false });
      return false;
    case 'status': {
      const limited = fault.status === 429 ? limits(0) : {};
      const after = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response.writeHead(fault.status, { ...JSON_TYPE, ...limited, ...after });
      response.end(JSON.stringify({ detail: DETAILS[fault.status] }));
      return true;
    }
    case 'html':
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Sign in</title><h1>Sign in to the network</h1>');
      return true;
    case 'redirect':
      response.writeHead(302, { location: fault.to });
      response.end();
      return true;
    case 'body':
      response.writeHead(200, { ...JSON_TYPE, ...(fault.link === undefined ? {} : { link: fault.link }) });
      response.end(fault.body);
      return true;
    case 'cut':
      response.writeHead(200, JSON_TYPE);
      response.write('[{"id": "');
      response.destroy();
      return true;
    case 'huge':
      response.writeHead(200, JSON_TYPE);
      response.on('error', () => {});
      for (let sent = 0; sent < 64 && !response.destroyed; sent++) {
        await new Promise((resume) => response.write(' '.repeat(256 * 1024), resume));
      }
      response.end('[]');
      return true;
  }
}

/** Every answer tells how much is left of the limit. */
export function limits(remaining: number): Record<string, string> {
  return {
    'x-sentry-rate-limit-limit': '5',
    'x-sentry-rate-limit-remaining': String(remaining),
    'x-sentry-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 1),
    'x-sentry-rate-limit-concurrentlimit': '25',
    'x-sentry-rate-limit-concurrentremaining': '24',
  };
}
