// Signs what Slack sends: v0, HMAC-SHA256 over `v0:timestamp:raw body`. Wrong ways too, for tests of refusals.

import { createHmac } from 'node:crypto';
import { getUnixTime } from 'date-fns/getUnixTime';

export type Tampering =
  /** Correctly signed, more than five minutes ago. */
  | 'stale'
  /** Correctly signed, for more than five minutes from now. */
  | 'future'
  /** Signed with another secret. */
  | 'bad_signature'
  /** No signature headers at all. */
  | 'unsigned'
  /** Signed, and the body changed afterwards. */
  | 'altered_body';

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const OUTSIDE_THE_WINDOW_S = 301;
/** However long such a delivery is under way, it comes before its time. */
const LONG_BEFORE_S = 900;

/** The signature that Slack would put on this body at this time. */
export function signature(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/**
 * A body with the headers that Slack sends. The time is the machine's, whatever clock this Slack has:
 * the receiver compares it with its own.
 */
export function signedBody(
  body: string,
  secret: string,
  { contentType, tampering }: { readonly contentType: string; readonly tampering?: Tampering },
): SignedRequest {
  const now = getUnixTime(Date.now());
  const shift = tampering === 'stale' ? -OUTSIDE_THE_WINDOW_S : tampering === 'future' ? LONG_BEFORE_S : 0;
  const timestamp = now + shift;
  const key = tampering === 'bad_signature' ? `not ${secret}` : secret;
  const signed = {
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature(key, timestamp, body),
  };
  return {
    body: tampering === 'altered_body' ? `${body}&altered=1` : body,
    headers: {
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: 'application/json,*/*',
      'content-type': contentType,
      ...(tampering === 'unsigned' ? {} : signed),
    },
  };
}

/** The same for a form, which commands and interactions are. */
export const signedForm = (body: string, secret: string, tampering?: Tampering): SignedRequest =>
  signedBody(body, secret, {
    contentType: 'application/x-www-form-urlencoded',
    ...(tampering ? { tampering } : {}),
  });
