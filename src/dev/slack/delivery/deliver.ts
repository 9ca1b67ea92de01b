// Brings a payload to the app, by signed HTTP or through Socket Mode, and says how that went.
import type { Core } from '../core.ts';
import type { Fault } from '../faults.ts';
import type { Outcome } from '../traffic.ts';
import { type Reply, sendHttp } from './send-http.ts';
import { type SignedRequest, signedForm, type Tampering } from './signature.ts';
import { newEnvelopeId, type Sockets } from './sockets.ts';

/** A payload ready to go, in both of its forms. */
export interface Parcel {
  readonly what: 'slash_command' | 'block_actions' | 'view_submission' | 'view_closed';
  readonly user: string;
  readonly payload: Record<string, unknown>;
  readonly triggerId?: string;
}

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

export interface Courier {
  setRequestUrl(url: string | undefined): void;
  deliver(
    parcel: Parcel,
    how?: { readonly tampering?: Tampering; readonly copies?: number },
  ): Promise<Delivery[]>;
  /** Sends an earlier delivery once more: the same bytes, signature, trigger id and envelope id. */
  redeliver(id: string): Promise<Delivery>;
}

type Sent = {
  readonly parcel: Parcel;
  readonly again: () => Promise<Reply>;
  readonly via: 'http' | 'socket';
};

/** A command is a form of its own fields; everything else is one form field, `payload`. */
function formBody(parcel: Parcel): string {
  if (parcel.what !== 'slash_command') {
    return new URLSearchParams({ payload: JSON.stringify(parcel.payload) }).toString();
  }
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(parcel.payload)) form.set(key, String(value));
  return form.toString();
}

function outcomeOf(reply: Reply): Outcome {
  if (reply.kind === 'timed_out') return 'operation_timeout';
  if (reply.kind === 'failed') return 'dispatch_failed';
  return reply.status >= 200 && reply.status < 300 ? 'acknowledged' : 'dispatch_failed';
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

export interface CourierOptions {
  readonly core: Core;
  readonly sockets: Sockets;
  readonly ackTimeoutMs: number;
  readonly requestUrl?: string;
}

/** A courier that uses the request URL where there is one, and Socket Mode otherwise. */
export function createCourier(options: CourierOptions): Courier {
  const { core, sockets, ackTimeoutMs } = options;
  const sentBefore = new Map<string, Sent>();
  let requestUrl = options.requestUrl;

  const prepare = (parcel: Parcel, tampering: Tampering | undefined): Sent => {
    if (requestUrl === undefined) {
      const type = parcel.what === 'slash_command' ? 'slash_commands' : 'interactive';
      const envelope = {
        envelope_id: newEnvelopeId(),
        type,
        payload: parcel.payload,
        accepts_response_payload: true,
      } as const;
      return { parcel, via: 'socket', again: () => sockets.send(envelope, ackTimeoutMs) };
    }
    const signed: SignedRequest = signedForm(formBody(parcel), core.world.app.signingSecret, tampering);
    const url = requestUrl;
    return { parcel, via: 'http', again: () => sendHttp(url, signed, ackTimeoutMs) };
  };

  const struck = async (fault: Fault, sent: Sent): Promise<Reply> => {
    switch (fault.kind) {
      case 'down':
      case 'error':
      case 'html':
      case '429':
        return { kind: 'failed', reason: `fault: ${fault.kind}`, ms: 0 };
      case 'hang':
        await Promise.race([core.faults.cleared(fault), pause(ackTimeoutMs)]);
        return { kind: 'timed_out', ms: ackTimeoutMs };
      case 'lost_answer': {
        const reply = await sent.again();
        return { kind: 'timed_out', ms: reply.ms };
      }
      case 'delay': {
        // The person waits no longer than ever; the app gets it all the same, late.
        const late = pause(fault.delayMs ?? 0).then(() => sent.again());
        const givenUp = pause(ackTimeoutMs).then((): Reply => ({ kind: 'timed_out', ms: ackTimeoutMs }));
        return Promise.race([late, givenUp]);
      }
      case 'duplicate': {
        const [first] = await Promise.all([sent.again(), sent.again()]);
        return first;
      }
    }
  };

  const carry = async (sent: Sent, repeatOf?: string): Promise<Delivery> => {
    const { parcel } = sent;
    const fault = core.faults.strike('delivery');
    const line = core.traffic.begin({
      kind: 'delivery',
      payload: parcel.what,
      via: sent.via,
      user: parcel.user,
      ...(repeatOf ? { repeatOf } : {}),
      ...(fault ? { fault: fault.kind } : {}),
    });
    sentBefore.set(line.id, sent);
    const reply = fault ? await struck(fault, sent) : await sent.again();
    const answered = reply.kind === 'answered' ? reply : undefined;
    const result = {
      outcome: outcomeOf(reply),
      msToAck: reply.ms,
      ...(answered ? { status: answered.status } : {}),
      ...(reply.kind === 'failed' ? { reason: reply.reason } : {}),
    };
    line.finish(result);
    // Slack sends an envelope that nobody acknowledged once more; a form it doesn't.
    if (sent.via === 'socket' && reply.kind === 'timed_out' && !repeatOf) void carry(sent, line.id);
    return {
      id: line.id,
      ...result,
      body: answered?.body ?? '',
      contentType: answered?.contentType ?? '',
      ...(parcel.triggerId ? { triggerId: parcel.triggerId } : {}),
    };
  };

  return {
    setRequestUrl(url) {
      requestUrl = url;
    },
    async deliver(parcel, how = {}) {
      const sent = prepare(parcel, how.tampering);
      return Promise.all(Array.from({ length: how.copies ?? 1 }, () => carry(sent)));
    },
    async redeliver(id) {
      const sent = sentBefore.get(id);
      if (!sent) throw new Error(`there was no delivery ${id}`);
      return carry(sent, id);
    },
  };
}
