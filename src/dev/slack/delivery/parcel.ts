// A payload made ready to go: signed for HTTP, or in an envelope. Going again means the same bytes again.
import { newEnvelopeId } from './envelopes.ts';
import { type Reply, sendHttp } from './send-http.ts';
import { signedForm, type Tampering } from './signature.ts';
import type { Sockets } from './sockets.ts';

export interface Parcel {
  readonly what: 'slash_command' | 'block_actions' | 'view_submission' | 'view_closed';
  readonly user: string;
  readonly payload: Record<string, unknown>;
  readonly triggerId?: string;
}

export interface Sendable {
  readonly parcel: Parcel;
  readonly via: 'http' | 'socket';
  readonly send: () => Promise<Reply>;
}

/** A command is a form of its own fields; everything else is one form field, `payload`. */
function formBody({ what, payload }: Parcel): string {
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
  const signed = signedForm(formBody(parcel), secret, tampering);
  return { parcel, via: 'http', send: () => sendHttp(url, signed, timeoutMs) };
}

/** For Socket Mode: one envelope id, however often it is sent. */
export function overSocket(parcel: Parcel, sockets: Sockets, timeoutMs: number): Sendable {
  const envelope = {
    envelope_id: newEnvelopeId(),
    type: parcel.what === 'slash_command' ? 'slash_commands' : 'interactive',
    payload: parcel.payload,
    accepts_response_payload: true,
  } as const;
  return { parcel, via: 'socket', send: () => sockets.send(envelope, timeoutMs) };
}
