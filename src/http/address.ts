// Where a request comes from.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The caller's address: the socket's, or what the one trusted proxy before us added last. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const socket = unmapped(request.socket.remoteAddress ?? 'unknown');
  if (!trustProxy) return socket;
  const forwarded = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  return addressIn(hops.at(-1)?.trim() ?? '') ?? socket;
}

/** The address of `192.0.2.7`, `192.0.2.7:4711` or `[2001:db8::7]:4711`. Anything else is a stranger's text, and no log's. */
function addressIn(hop: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) !== 0 && !bare.includes('%') ? unmapped(bare) : undefined;
}

/** A socket for both families says `::ffff:192.0.2.7` where everything else that is asked about a caller says `192.0.2.7`. */
function unmapped(address: string): string {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}
