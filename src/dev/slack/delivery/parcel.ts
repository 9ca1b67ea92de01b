// A payload made ready to go: signed for HTTP, or in an envelope. Going again means the same bytes again.
import { type Envelope, newEnvelopeId } from './envelopes.ts';
import { type Reply, sendHttp } from './send-http.ts';
import { type SignedRequest, signedBody, type Tampering } from './signature.ts';
import type { Sockets } from './sockets.ts';

export interface Parcel {
  readonly what:
    | 'slash_command'
    | 'block_actions'
    | 'block_suggestion'
    | 'event'
    | 'message_action'
    | 'shortcut'
    | 'view_closed'
    | 'view_submission';
  readonly user: string;
  readonly payload: Record<string, unknown>;
  readonly triggerId?: string;
}

export interface Sendable {
  readonly parcel: Parcel;
  readonly via: 'http' | 'socket';
  readonly send: () => Promise<Reply>;
  /** The same event once more, as Slack marks it; nothing else is sent again over HTTP. */
  readonly again?: (reason: RetryReason) => Sendable;
}

export type RetryReason = 'http_timeout' | 'http_error' | 'connection_failed';

/** An event is JSON. A command is a form of its own fields; everything else is one form field, `payload`. */
function bodyOf({ what, payload }: Parcel): string {
  if (what === 'event') return JSON.stringify(payload);
  const form = new URLSearchParams();
  if (what !== 'slash_command') form.set('payload', JSON.stringify(payload));
  else for (const [key, value] of Object.entries(payload)) form.set(key, String(value));
  return form.toString();
}

/** For the request URL: signed once, however often it is sent. */
export function overHttp(
  parcel: Parcel,
  url: string,
  secret: string,
  timeoutMs: number,
  tampering: Tampering | undefined,
): Sendable {
  const isEvent = parcel.what === 'event';
  const signed = signedBody(bodyOf(parcel), secret, {
    contentType: isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
    ...(tampering ? { tampering } : {}),
  });
  const carried = (request: SignedRequest): Sendable => ({
    parcel,
    via: 'http',
    send: () => sendHttp(url, request, timeoutMs),
  });
  if (!isEvent) return carried(signed);
  const again = (reason: RetryReason): Sendable => {
    const retry = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': reason };
    return carried({ ...signed, headers: { ...signed.headers, ...retry } });
  };
  return { ...carried(signed), again };
}

function envelopeType({ what }: Parcel): Envelope['type'] {
  if (what === 'slash_command') return 'slash_commands';
  return what === 'event' ? 'events_api' : 'interactive';
}

/** For Socket Mode: one envelope id, however often it is sent. */
export function overSocket(parcel: Parcel, sockets: Sockets, timeoutMs: number): Sendable {
  const isEvent = parcel.what === 'event';
  const envelope = {
    envelope_id: newEnvelopeId(),
    type: envelopeType(parcel),
    payload: parcel.payload,
    accepts_response_payload: !isEvent,
    ...(isEvent ? { retry_attempt: 0, retry_reason: '' } : {}),
  } as const;
  return { parcel, via: 'socket', send: () => sockets.send(envelope, timeoutMs) };
}
