// Socket Mode: connections that the app opens, each envelope to one of them, acknowledged by its id.
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isRecord } from '../validation/walk.ts';
import type { World } from '../world/world.ts';
import type { Reply } from './send-http.ts';

export interface Envelope {
  readonly envelope_id: string;
  readonly type: 'slash_commands' | 'interactive';
  readonly payload: unknown;
  readonly accepts_response_payload: boolean;
  readonly retry_attempt?: number;
  readonly retry_reason?: string;
}

export interface Sockets {
  readonly open: () => number;
  /** A one-time address for `apps.connections.open`. */
  newTicket(): string;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  send(envelope: Envelope, timeoutMs: number): Promise<Reply>;
  /** Tells every connection to come back on another one, as Slack does every few hours, and closes it. */
  refresh(): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Ends every connection, politely where the other side answers in time. */
  close(): Promise<void>;
}

const PING_EVERY_MS = 5_000;
const GOODBYE_MS = 300;

interface Waiting {
  readonly socket: WebSocket;
  readonly settle: (reply: Reply) => void;
  readonly started: number;
  readonly lost: () => void;
}

export const newEnvelopeId = (): string => randomUUID();

function hello(world: World, connections: number): unknown {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'local-slack', build_number: 1, approximate_connection_time: 18060 },
    connection_info: { app_id: world.app.appId },
  };
}

/** No connections to begin with. */
export function createSockets(world: World): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const connected = new Set<WebSocket>();
  const retiring = new WeakSet<WebSocket>();
  const waiting = new Map<string, Waiting[]>();
  let turn = 0;

  const changed = (): void => world.changes.announce({ kind: 'sockets_changed', open: connected.size });

  const acknowledged = (data: string): void => {
    const parsed: unknown = JSON.parse(data);
    if (!isRecord(parsed) || typeof parsed.envelope_id !== 'string') return;
    const sent = waiting.get(parsed.envelope_id)?.shift();
    if (!sent) return;
    const payload =
      isRecord(parsed.payload) && Object.keys(parsed.payload).length > 0 ? parsed.payload : undefined;
    const body = payload ? JSON.stringify(payload) : '';
    const ms = Math.round(performance.now() - sent.started);
    sent.settle({ kind: 'answered', status: 200, contentType: 'application/json', body, ms });
  };

  const welcome = (socket: WebSocket): void => {
    connected.add(socket);
    const beat = setInterval(() => socket.ping(), PING_EVERY_MS);
    beat.unref();
    socket.on('message', (data) => acknowledged(String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(beat);
      connected.delete(socket);
      for (const [id, all] of waiting) {
        const lost = all.filter((sent) => sent.socket === socket);
        waiting.set(
          id,
          all.filter((sent) => sent.socket !== socket),
        );
        for (const sent of lost) sent.lost();
      }
      changed();
    });
    socket.send(JSON.stringify(hello(world, connected.size)));
    changed();
  };

  /** The next connection's turn. */
  const next = (): WebSocket | undefined => {
    const fresh = [...connected].filter((socket) => !retiring.has(socket));
    const all = fresh.length > 0 ? fresh : [...connected];
    turn += 1;
    return all[turn % all.length];
  };

  const send = (envelope: Envelope, timeoutMs: number): Promise<Reply> => {
    const socket = next();
    if (!socket) return Promise.resolve({ kind: 'failed', reason: 'no connection', ms: 0 });
    const started = performance.now();
    return new Promise((resolve) => {
      const settle = (reply: Reply): void => {
        clearTimeout(timer);
        resolve(reply);
      };
      const remaining = (): number => timeoutMs - (performance.now() - started);
      // The connection went away before it acknowledged: the same envelope goes to another one.
      const lost = (): void => {
        const again = {
          ...envelope,
          retry_attempt: (envelope.retry_attempt ?? 0) + 1,
          retry_reason: 'timeout',
        };
        if (connected.size > 0 && remaining() > 0) send(again, remaining()).then(settle);
        else
          settle({
            kind: 'failed',
            reason: 'the connection was closed',
            ms: Math.round(performance.now() - started),
          });
      };
      const timer = setTimeout(() => {
        const still = (waiting.get(envelope.envelope_id) ?? []).filter((sent) => sent.settle !== settle);
        waiting.set(envelope.envelope_id, still);
        settle({ kind: 'timed_out', ms: Math.round(performance.now() - started) });
      }, timeoutMs);
      const others = waiting.get(envelope.envelope_id) ?? [];
      waiting.set(envelope.envelope_id, [...others, { socket, settle, started, lost }]);
      socket.send(JSON.stringify(envelope));
    });
  };

  return {
    open: () => connected.size,
    newTicket() {
      const ticket = randomBytes(16).toString('hex');
      tickets.add(ticket);
      return ticket;
    },
    accept(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://local').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    send,
    refresh() {
      for (const socket of connected) {
        retiring.add(socket);
        socket.send(
          JSON.stringify({
            type: 'disconnect',
            reason: 'refresh_requested',
            debug_info: { host: 'local-slack' },
          }),
        );
      }
    },
    cut() {
      for (const socket of connected) socket.terminate();
    },
    async close() {
      const closed = [...connected].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      // A client that is cut off in its own goodbye keeps a timer for half a minute.
      for (const socket of connected) socket.close(1001);
      const hurry = setTimeout(() => {
        for (const socket of connected) socket.terminate();
      }, GOODBYE_MS);
      await Promise.all(closed);
      clearTimeout(hurry);
      server.close();
    },
  };
}
