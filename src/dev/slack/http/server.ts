// The one HTTP server: finds the route, and turns a defect into a loud 500.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Core } from '../core.ts';
import type { Sockets } from '../delivery/sockets.ts';
import { serveApi } from './api-route.ts';
import { type Exchange, sendJson, sendText } from './exchange.ts';
import { serveFile, serveResponseUrl, serveUpload } from './side-routes.ts';

/** Further routes, tried in order; true where the request was taken. */
export type ExtraRoute = (exchange: Exchange) => Promise<boolean> | boolean;

async function route(core: Core, exchange: Exchange, extra: readonly ExtraRoute[]): Promise<void> {
  const { pathname } = exchange.url;
  const [, first = '', second = '', third = ''] = pathname.split('/');
  const isPost = exchange.request.method === 'POST';
  if (first === 'api' && isPost) return serveApi(core, exchange, second);
  if (first === 'response' && isPost) return serveResponseUrl(core, exchange, second);
  if (first === 'upload' && isPost) return serveUpload(core, exchange, third);
  if (first === 'files') {
    serveFile(core, exchange, second);
    return;
  }
  for (const tryRoute of extra) if (await tryRoute(exchange)) return;
  sendText(exchange, 404, `this Slack has nothing at ${exchange.request.method} ${pathname}`);
}

/** Listens on the loopback address; `core` is asked for late because it knows the address. */
export async function listen(
  port: number,
  core: () => Core,
  sockets: () => Sockets,
  extra: readonly ExtraRoute[],
): Promise<{ server: Server; baseUrl: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const exchange: Exchange = { request, response, url };
    route(core(), exchange, extra).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      console.error(
        'local Slack failed at a request',
        url.pathname.replace(/^(\/response\/|\/upload\/v1\/).*/, '$1…'),
        message,
      );
      if (response.headersSent) response.destroy();
      else sendJson(exchange, 500, { ok: false, error: 'internal_error', message });
    });
  });
  server.on('upgrade', (request, socket, head) => sockets().accept(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { server, baseUrl: `http://127.0.0.1:${bound}` };
}
