// A customer's webhook receiver: a real HTTP(S) server on the loopback address that keeps what it got.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { atTheEnd, once } from '../support/shared.ts';

export type Received = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type Receiver = {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How many connections were opened, whether or not a request came. */
  connections(): number;
  close(): Promise<void>;
};

export type ReceiverOptions = {
  readonly host?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
};

/** Starts a receiver; `answer` gets each request after its body has arrived. */
export async function startReceiver(
  answer: (response: ServerResponse, request: Received) => void,
  { host = '127.0.0.1', tls }: ReceiverOptions = {},
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('connection', () => {
    connections += 1;
  });
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers } = request;
    const whole = { method, path, headers, body: Buffer.concat(chunks) };
    received.push(whole);
    answer(response, whole);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const close = once(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  atTheEnd(close);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}/hook`,
    port,
    received,
    connections: () => connections,
    close,
  };
}

/** A receiver that answers every request with this status and a small body. */
export function answering(status: number, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, headers).end('{"said":"by the receiver"}');
  };
}
