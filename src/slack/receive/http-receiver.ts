// Signed HTTP: what has to be refused before Bolt looks at a request. Must never do anything but refuse.

import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { HTTPModuleFunctions, HTTPReceiver } from '@slack/bolt';
import { minutesToSeconds } from 'date-fns/minutesToSeconds';
import { silent } from '../clients.ts';
import { isOurs } from './delivery-shape.ts';

/** Slack allows five minutes of clock difference; Bolt checks only the past. */
const MAX_FUTURE_SECONDS = minutesToSeconds(5);
/** Several times the largest delivery that Slack sends. */
const BODY_LIMIT = '1mb';

/** Bolt's receiver without its server: the listener takes the requests of ours. */
export function createHttpReceiver(signingSecret: string): {
  readonly receiver: HTTPReceiver;
  readonly listener: RequestListener;
} {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: ['/slack/events'],
    logger: silent,
    bodyLimit: BODY_LIMIT,
    customPropertiesExtractor: (request) => ({ deliveryKeys: keysOf(request) }),
  });
  return { receiver, listener: guarded(receiver.requestListener, signingSecret) };
}

/**
 * What names a delivery: when it was signed, and its body. The signature itself can be written in more than one way; it is
 * kept as well as long as processes of the release before run beside this one, which know no other key.
 */
function keysOf(request: IncomingMessage & { readonly rawBody?: Buffer }): string[] {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = request.headers;
  const body = createHash('sha256')
    .update(request.rawBody ?? '')
    .digest('base64url');
  return [`delivery:${Number(timestamp)}:${body}`, `signature:${signature}`];
}

/** Refuses a timestamp from the future, what isn't a POST, and what is not for us, before Bolt works on it. */
function guarded(listener: RequestListener, signingSecret: string): RequestListener {
  return (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
    } else if (isFromTheFuture(request)) {
      response.writeHead(401).end();
    } else {
      objectionTo(request, signingSecret).then((status) => {
        if (status === null) listener(request, response);
        else response.writeHead(status).end();
      });
    }
  };
}

/**
 * The status to refuse a request with, or null; afterwards Bolt finds the body on the request. Bolt's own checks are
 * not left out: they end in a rejection that nobody catches, and with it the process, where a body is JSON's `null`.
 */
async function objectionTo(request: IncomingMessage, signingSecret: string): Promise<number | null> {
  try {
    const options = { enabled: true, signingSecret, bodyLimit: BODY_LIMIT };
    const verified = await HTTPModuleFunctions.parseAndVerifyHTTPRequest(options, request);
    return isOurs(bodyOf(verified)) ? null : 400;
  } catch (error) {
    return HTTPModuleFunctions.isRawBodyError(error) ? error.statusCode : 401;
  }
}

/** Null where it is not even a form or JSON. */
function bodyOf(verified: Parameters<typeof HTTPModuleFunctions.parseHTTPRequestBody>[0]): unknown {
  try {
    return HTTPModuleFunctions.parseHTTPRequestBody(verified);
  } catch {
    return null;
  }
}

function isFromTheFuture(request: IncomingMessage): boolean {
  const seconds = Number(request.headers['x-slack-request-timestamp']);
  return seconds > Date.now() / 1000 + MAX_FUTURE_SECONDS;
}
