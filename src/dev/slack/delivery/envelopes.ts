// Socket Mode's envelopes: each goes to one connection and is acknowledged by its id, or lost with the connection.
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { isRecord } from '../validation/walk.ts';
import type { Reply } from './send-http.ts';

export interface Envelope {
  readonly envelope_id: string;
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: unknown;
  readonly accepts_response_payload: boolean;
  readonly retry_attempt?: number;
  readonly retry_reason?: string;
}

export interface Envelopes {
  /** Resolves with the acknowledgement, or with what came instead of one. */
  send(envelope: Envelope, timeoutMs: number): Promise<Reply>;
  /** A message of the app: the acknowledgement of something, as a rule. */
  heard(data: string): void;
  /** A connection is gone: what it had not acknowledged goes to another one. */
  lost(socket: WebSocket): void;
}

interface Waiting {
  readonly envelope: Envelope;
  readonly socket: WebSocket;
  readonly started: number;
  readonly timeoutMs: number;
  readonly settle: (reply: Reply) => void;
}

export const newEnvelopeId = (): string => randomUUID();

const since = (started: number): number => Math.round(performance.now() - started);

function answerIn(payload: unknown): string {
  return isRecord(payload) && Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
}

/** Nothing under way; `next` says whose turn it is. */
export function createEnvelopes(next: () => WebSocket | undefined): Envelopes {
  // The same envelope may be under way more than once: each acknowledgement is for the oldest.
  const waiting = new Set<Waiting>();

  const send = (envelope: Envelope, timeoutMs: number): Promise<Reply> => {
    const socket = next();
    if (!socket) return Promise.resolve({ kind: 'failed', reason: 'no connection', ms: 0 });
    const started = performance.now();
    return new Promise((resolve) => {
      const settle = (reply: Reply): void => {
        clearTimeout(timer);
        waiting.delete(entry);
        resolve(reply);
      };
      const entry: Waiting = { envelope, socket, started, timeoutMs, settle };
      const timer = setTimeout(() => settle({ kind: 'timed_out', ms: since(started) }), timeoutMs);
      waiting.add(entry);
      socket.send(JSON.stringify(envelope));
    });
  };

  const sendAgain = async ({ envelope, started, timeoutMs, settle }: Waiting): Promise<void> => {
    const retry_attempt = (envelope.retry_attempt ?? 0) + 1;
    const again = { ...envelope, retry_attempt, retry_reason: 'timeout' };
    settle(await send(again, Math.max(0, timeoutMs - since(started))));
  };

  return {
    send,
    heard(data) {
      const message: unknown = JSON.parse(data);
      const id = isRecord(message) ? message.envelope_id : undefined;
      const entry = [...waiting].find((one) => one.envelope.envelope_id === id);
      if (!entry || !isRecord(message)) return;
      const reply = { status: 200, contentType: 'application/json', body: answerIn(message.payload) };
      entry.settle({ kind: 'answered', ...reply, ms: since(entry.started) });
    },
    lost(socket) {
      for (const entry of [...waiting].filter((one) => one.socket === socket)) {
        waiting.delete(entry);
        void sendAgain(entry);
      }
    },
  };
}
