// Socket Mode's connections: opened by the app with a one-time address, taken in turn, recycled and cut.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { World } from '../world/world.ts';
import { createEnvelopes, type Envelopes } from './envelopes.ts';

export interface Sockets {
  readonly open: () => number;
  /** A one-time address for `apps.connections.open`. */
  newTicket(): string;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly send: Envelopes['send'];
  /** Tells every connection to come back on another one, as Slack does every few hours. */
  refresh(): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Ends every connection, politely where the other side answers in time. */
  close(): Promise<void>;
}

const PING_EVERY_MS = 5_000;
const GOODBYE_MS = 300;
const DEBUG_INFO = { host: 'local-slack' };

function hello(world: World, connections: number): unknown {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { ...DEBUG_INFO, build_number: 1, approximate_connection_time: 18060 },
    connection_info: { app_id: world.app.appId },
  };
}

async function sayGoodbye(connected: ReadonlySet<WebSocket>): Promise<void> {
  const closed = [...connected].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  // A client that is cut off in its own goodbye keeps a timer for half a minute.
  for (const socket of connected) socket.close(1001);
  const hurry = setTimeout(() => {
    for (const socket of connected) socket.terminate();
  }, GOODBYE_MS);
  await Promise.all(closed);
  clearTimeout(hurry);
}

interface Connections {
  readonly connected: Set<WebSocket>;
  /** Asked to come back; still open, and used only while there is no other. */
  readonly retiring: WeakSet<WebSocket>;
  next(): WebSocket | undefined;
}

function createConnections(): Connections {
  const connected = new Set<WebSocket>();
  const retiring = new WeakSet<WebSocket>();
  let turn = 0;
  return {
    connected,
    retiring,
    next() {
      const fresh = [...connected].filter((socket) => !retiring.has(socket));
      const all = fresh.length > 0 ? fresh : [...connected];
      turn += 1;
      return all[turn % all.length];
    },
  };
}

/** Greets a new connection and keeps it alive until it closes. */
function welcome(world: World, { connected }: Connections, envelopes: Envelopes, socket: WebSocket): void {
  const changed = (): void => world.changes.announce({ kind: 'sockets_changed', open: connected.size });
  connected.add(socket);
  const beat = setInterval(() => socket.ping(), PING_EVERY_MS);
  beat.unref();
  socket.on('message', (data) => envelopes.heard(String(data)));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(beat);
    connected.delete(socket);
    envelopes.lost(socket);
    changed();
  });
  socket.send(JSON.stringify(hello(world, connected.size)));
  changed();
}

/** No connections to begin with. */
export function createSockets(world: World): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const connections = createConnections();
  const { connected, retiring } = connections;
  const envelopes = createEnvelopes(connections.next);
  return {
    open: () => connected.size,
    send: envelopes.send,
    newTicket() {
      const ticket = randomBytes(16).toString('hex');
      tickets.add(ticket);
      return ticket;
    },
    accept(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://local').searchParams.get('ticket') ?? '';
      if (tickets.delete(ticket)) {
        server.handleUpgrade(request, socket, head, (one) => welcome(world, connections, envelopes, one));
      } else {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      }
    },
    refresh() {
      for (const socket of connected) {
        retiring.add(socket);
        socket.send(
          JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: DEBUG_INFO }),
        );
      }
    },
    cut() {
      for (const socket of connected) socket.terminate();
    },
    async close() {
      await sayGoodbye(connected);
      server.close();
    },
  };
}
