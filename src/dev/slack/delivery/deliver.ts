// Brings payloads to the app, by signed HTTP or through Socket Mode, and says how that went.
import type { Core } from '../core.ts';
import type { Outcome } from '../traffic.ts';
import { overHttp, overSocket, type Parcel, type RetryReason, type Sendable } from './parcel.ts';
import type { Reply } from './send-http.ts';
import type { Tampering } from './signature.ts';
import type { Sockets } from './sockets.ts';
import { sendStruck } from './struck.ts';

export interface Delivery {
  /** For `redeliver`, and to find it in the traffic. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly status?: number;
  readonly msToAck?: number;
  /** What the app answered with its acknowledgement. */
  readonly body: string;
  readonly contentType: string;
  readonly triggerId?: string;
  /** Why nothing was sent, in words. */
  readonly reason?: string;
}

export interface Manner {
  readonly tampering?: Tampering;
  /** The same signed request, or envelope, this many times at once. */
  readonly copies?: number;
}

export interface Courier {
  setRequestUrl(url: string | undefined): void;
  /** Whether the app is reached over HTTP or, where it has no URL, through Socket Mode. */
  via(): 'http' | 'socket';
  /** One delivery for each copy. */
  deliver(parcel: Parcel, manner?: Manner): Promise<[Delivery, ...Delivery[]]>;
  /** Sends an earlier delivery once more: the same bytes, signature, trigger id and envelope id. */
  redeliver(id: string): Promise<Delivery>;
}

function outcomeOf(reply: Reply): Outcome {
  if (reply.kind === 'timed_out') return 'operation_timeout';
  if (reply.kind === 'failed') return 'dispatch_failed';
  return reply.status >= 200 && reply.status < 300 ? 'acknowledged' : 'dispatch_failed';
}

/** Why an event is sent again; undefined where it was taken. */
function retryReason(reply: Reply): RetryReason | undefined {
  if (reply.kind === 'timed_out') return 'http_timeout';
  if (reply.kind === 'failed') return 'connection_failed';
  return outcomeOf(reply) === 'acknowledged' ? undefined : 'http_error';
}

function summary(reply: Reply): Pick<Delivery, 'outcome' | 'status' | 'msToAck' | 'reason'> {
  return {
    outcome: outcomeOf(reply),
    msToAck: reply.ms,
    ...(reply.kind === 'answered' ? { status: reply.status } : {}),
    ...(reply.kind === 'failed' ? { reason: reply.reason } : {}),
  };
}

export interface CourierOptions {
  readonly core: Core;
  readonly sockets: Sockets;
  readonly ackTimeoutMs: number;
  readonly requestUrl?: string;
}

/** Sends one thing once, and notes it in the traffic. */
async function carry(options: CourierOptions, sent: Map<string, Sendable>, one: Sendable, repeatOf?: string) {
  const { core, ackTimeoutMs } = options;
  const { parcel, via } = one;
  const { faults } = core;
  const fault = faults.strike(`delivery:${parcel.what}`) ?? faults.strike('delivery');
  const line = core.traffic.begin({
    kind: 'delivery',
    payload: parcel.what,
    via,
    user: parcel.user,
    ...(repeatOf ? { repeatOf } : {}),
    ...(fault ? { fault: fault.kind } : {}),
  });
  sent.set(line.id, one);
  const reply = fault ? await sendStruck(fault, core.faults, one, ackTimeoutMs) : await one.send();
  line.finish(summary(reply));
  // Slack sends an envelope that nobody acknowledged once more; a form it doesn't.
  if (via === 'socket' && reply.kind === 'timed_out' && !repeatOf) void carry(options, sent, one, line.id);
  // Of an event's three repeats over HTTP only the first is made, which comes at once.
  const reason = repeatOf ? undefined : retryReason(reply);
  if (reason && one.again) void carry(options, sent, one.again(reason), line.id);
  const { body, contentType } = reply.kind === 'answered' ? reply : { body: '', contentType: '' };
  const trigger = parcel.triggerId ? { triggerId: parcel.triggerId } : {};
  return { id: line.id, ...summary(reply), body, contentType, ...trigger } satisfies Delivery;
}

/** A courier that uses the request URL where there is one, and Socket Mode otherwise. */
export function createCourier(options: CourierOptions): Courier {
  const { core, sockets, ackTimeoutMs } = options;
  const sent = new Map<string, Sendable>();
  let requestUrl = options.requestUrl;
  return {
    setRequestUrl(url) {
      requestUrl = url;
    },
    via: () => (requestUrl ? 'http' : 'socket'),
    async deliver(parcel, { tampering, copies = 1 } = {}) {
      const secret = core.world.app.signingSecret;
      const one = requestUrl
        ? overHttp(parcel, requestUrl, secret, ackTimeoutMs, tampering)
        : overSocket(parcel, sockets, ackTimeoutMs);
      const more = Array.from({ length: copies - 1 }, () => carry(options, sent, one));
      return Promise.all([carry(options, sent, one), ...more]);
    },
    async redeliver(id) {
      const one = sent.get(id);
      if (!one) throw new Error(`there was no delivery ${id}`);
      return carry(options, sent, one, id);
    },
  };
}
