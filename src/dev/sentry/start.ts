// Starts a Sentry on this machine, for demo and tests: its API on a port of its own, what was asked of it, and its bad days.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGet, type Site } from './api.ts';
import { limits, type SentryFault, strike } from './faults.ts';
import { createWorld, type World } from './world.ts';

/** One request that came, with whatever it was sent. */
export type Asked = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
};

export type RunningSentry = Pick<World, 'org' | 'projects' | 'issues' | 'capture'> & {
  readonly url: string;
  readonly token: string;
  /** What the bot is started with, to ask here. */
  readonly environment: Readonly<Record<string, string>>;
  asked(): readonly Asked[];
  /** Strikes the next request, or so many. */
  fault(fault: SentryFault, times?: number): void;
  /** Forgets issues, requests and faults. */
  clear(): void;
  stop(): Promise<void>;
};

export type SentryOptions = {
  readonly org?: string;
  readonly projects?: readonly string[];
  readonly token?: string;
  readonly onAsked?: () => void;
};

/** Resolves when it listens. */
export async function startSentry(options: SentryOptions = {}): Promise<RunningSentry> {
  const { org = 'acme', projects = ['onramp'], token = 'sntryu_0123456789abcdef', onAsked } = options;
  const world = createWorld(org, projects);
  const asked: Asked[] = [];
  const faults: SentryFault[] = [];
  let site: Site = { origin: '', token, world };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', site.origin);
    const { authorization } = request.headers;
    asked.push({ path: url.pathname, query: url.searchParams, authorization });
    onAsked?.();
    const fault = faults.shift();
    if (fault !== undefined && (await strike(fault, response))) return;
    const { status, body, headers = {} } = answerGet(site, url, authorization);
    response.writeHead(status, { 'content-type': 'application/json', ...limits(4), ...headers });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  site = { ...site, origin };
  return {
    ...{ org, projects, issues: world.issues, capture: world.capture, url: origin, token },
    environment: {
      SENTRY_AUTH_TOKEN: token,
      SENTRY_ORG: org,
      SENTRY_PROJECT: projects.join(','),
      SENTRY_URL: origin,
    },
    asked: () => asked,
    fault: (fault, times = 1) => void faults.push(...Array<SentryFault>(times).fill(fault)),
    clear: () => {
      world.clear();
      asked.length = 0;
      faults.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
