// Signed HTTP: what has to be refused before Bolt looks at a request. Must never do anything but refuse.

import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { HTTPModuleFunctions, HTTPReceiver } from '@slack/bolt';
import { minutesToSeconds } from 'date-fns/minutesToSeconds';
import { silent } from '../clients.ts';
import { isOurs } from './delivery-shape.ts';
import type { SignatureWatch, WrongSignature } from './signature-watch.ts';

/** Slack allows five minutes of clock difference; Bolt checks only the past. */
const MAX_FUTURE_SECONDS = minutesToSeconds(5);
const MAX_PAST_SECONDS = minutesToSeconds(5);
/** Several times the largest delivery that Slack sends. */
const BODY_LIMIT = '1mb';

/** Bolt's receiver without its server: the listener takes the requests of ours. */
export function createHttpReceiver(
  signingSecret: string,
  signatures: SignatureWatch,
): {
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
  return { receiver, listener: guarded(receiver.requestListener, signingSecret, signatures) };
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
function guarded(
  listener: RequestListener,
  signingSecret: string,
  signatures: SignatureWatch,
): RequestListener {
  return (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
    } else if (isFromTheFuture(request)) {
      signatures.refused('future');
      response.writeHead(401).end();
    } else {
      objectionTo(request, signingSecret, signatures).then((status) => {
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
async function objectionTo(
  request: IncomingMessage,
  signingSecret: string,
  signatures: SignatureWatch,
): Promise<number | null> {
  try {
    const options = { enabled: true, signingSecret, bodyLimit: BODY_LIMIT };
    const verified = await HTTPModuleFunctions.parseAndVerifyHTTPRequest(options, request);
    const body = bodyOf(verified);
    // Slack's check of the address is the one thing that it doesn't sign.
    if (request.headers['x-slack-signature'] !== undefined && !isUnsignedCheck(body)) signatures.accepted();
    return isOurs(body) ? null : 400;
  } catch (error) {
    if (HTTPModuleFunctions.isRawBodyError(error)) return error.statusCode;
    signatures.refused(whatIsWrong(request));
    return 401;
  }
}

function isUnsignedCheck(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'ssl_check' in body;
}

/** Of a request that was refused. */
function whatIsWrong({ headers }: IncomingMessage): WrongSignature {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
  if (typeof signature !== 'string' || Number.isNaN(Number(timestamp ?? Number.NaN))) return 'missing';
  return Number(timestamp) < Date.now() / 1000 - MAX_PAST_SECONDS ? 'stale' : 'mismatch';
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
