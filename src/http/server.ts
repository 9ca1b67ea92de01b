// One HTTP server for everything: the runbook's endpoint, Slack's requests, the pages, health and metrics.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressOf } from './address.ts';
import { answerCall, ENDPOINT_PATH, type EndpointOptions } from './endpoint.ts';
import { isPage } from './pages/pages.ts';
import { type Answer, respond } from './respond.ts';

export type ServerOptions = {
  /** Or who serves the runbook's endpoint instead. */
  readonly endpoint: EndpointOptions | { readonly servedBy: string };
  /** Bolt's listener for `POST /slack/events`; null in Socket Mode. */
  readonly slack: RequestListener | null;
  /** What people read in a browser. */
  readonly pages: RequestListener;
  /** What /readyz says. */
  readonly readiness: () => Promise<Readiness>;
  /** What /metrics says; null where another port does. */
  readonly scrape: Scrape | null;
  readonly trustProxy: boolean;
  readonly onError: (error: unknown) => void;
};

export type Scrape = () => Promise<{ readonly contentType: string; readonly text: string }>;

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
};

/** A server that is not listening yet. */
export function createHttpServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    const path = pathOf(request);
    if (path === '/slack/events' && options.slack !== null) {
      options.slack(request, response);
      return;
    }
    if (isPage(path)) {
      options.pages(request, response);
      return;
    }
    answerWith(() => answer(options, path, request), response, options.onError);
  });
  return limited(server);
}

/** A server that is not listening yet, for nothing but /metrics. */
export function createMetricsServer(scrape: Scrape, onError: (error: unknown) => void): Server {
  const server = createServer((request, response) => {
    const path = pathOf(request);
    answerWith(async () => (path === '/metrics' ? scraped(scrape) : NOT_FOUND), response, onError);
  });
  return limited(server);
}

/** Without a query, also where a proxy has put scheme and host before the path (RFC 9112's absolute form). */
function pathOf({ url = '/' }: IncomingMessage): string {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return target.split('?', 1)[0] || '/';
}

function answerWith(
  work: () => Promise<Answer>,
  response: ServerResponse,
  onError: (error: unknown) => void,
): void {
  work()
    .catch((error: unknown): Answer => {
      onError(error);
      return { status: 500, body: { error: 'internal_error' } };
    })
    .then((answered) => respond(response, answered));
}

/**
 * Longer than the 60 s that load balancers keep an idle connection: who closes first must be the one that asks, or the next
 * request meets a connection that is gone.
 */
const KEEP_ALIVE_MS = 75_000;

/** Nobody keeps a connection by sending nothing over it, and none is kept beyond the stop. */
function limited(server: Server): Server {
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    const answering = answers.get(server) ?? new Set();
    answers.set(server, answering.add(response));
    response.once('close', () => answering.delete(response));
  });
  return server;
}

/** What each server has not answered yet. */
const answers = new WeakMap<Server, Set<ServerResponse>>();

const NOT_FOUND: Answer = { status: 404, body: { error: 'not_found' } };

/** Two endpoints that replay would be two writers of the same tables. */
function servedElsewhere(host: string): Answer {
  const message = `not served here: this bot has its replays made by ${host} (REPLAY_URL); call the endpoint there, or ask in Slack`;
  return { status: 404, body: { error: 'not_found', message } };
}

async function scraped(scrape: Scrape): Promise<Answer> {
  const { contentType, text } = await scrape();
  return { status: 200, body: null, text, headers: { 'content-type': contentType } };
}

/** Listens and answers the port; 0 asks the system for a free one. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // As in an address, where an IPv6 one stands in brackets.
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no more connections and resolves when the requests in hand are answered, each as its connection's last. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  for (const response of answers.get(server) ?? []) {
    if (!response.headersSent) response.setHeader('connection', 'close');
  }
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

async function answer(options: ServerOptions, path: string, request: IncomingMessage): Promise<Answer> {
  switch (path) {
    case ENDPOINT_PATH:
      if ('servedBy' in options.endpoint) return servedElsewhere(options.endpoint.servedBy);
      return answerCall(options.endpoint, request, addressOf(request, options.trustProxy));
    case '/healthz':
      return { status: 200, body: { status: 'alive' } };
    case '/readyz': {
      const { ready, checks } = await options.readiness();
      return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', checks } };
    }
    case '/metrics':
      return options.scrape === null ? NOT_FOUND : scraped(options.scrape);
    default:
      return NOT_FOUND;
  }
}
