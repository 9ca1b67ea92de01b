// What the process serves over HTTP: what of the configuration its servers are told, and what endpoint and pages share.
import type { RequestListener, Server } from 'node:http';
import type { Config } from './config.ts';
import { cached } from './http/cached.ts';
import { ENDPOINT_PATH, type EndpointOptions } from './http/endpoint.ts';
import { createPages, type PagesOptions } from './http/pages/pages.ts';
import { createHttpServer, createMetricsServer } from './http/server.ts';
import { signInRoutes } from './http/sign-in/routes.ts';
import { createSlowdown } from './http/slowdown.ts';
import { errorFields, type Log } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Pools } from './pools.ts';
import type { Queue } from './queue/boss.ts';
import { readiness, withOthers } from './readiness.ts';
import { endpointOptions, signInOptions } from './settings.ts';
import type { SlackDoor } from './slack/slack.ts';
import { findApiKey, findSession } from './store/callers.ts';

/** Health and metrics are read once in so long, however often they are asked for. */
const CACHED_MS = 1000;

/** What the servers are made of. */
export type Served = Pick<EndpointOptions, 'ports' | 'plan' | 'execute'> & {
  readonly config: Config;
  readonly log: Log;
  readonly pools: Pick<Pools, 'pages' | 'health'>;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly slack: SlackDoor;
};

/** The process's two servers, the second for nothing but metrics; neither listens yet. */
export function serversOf(served: Served): { readonly server: Server; readonly metricsServer: Server } {
  const { config, log, ports, pools, queue, metrics, slack } = served;
  const { now } = ports.clock;
  const looked = cached(() => readiness(pools.health, queue), CACHED_MS, now);
  const scrape = cached(metrics.scrape, CACHED_MS, now);
  const onError = (error: unknown) => log.error(errorFields(error), 'request failed');
  const elsewhere = endpointOptions(config);
  const endpoint = endpointOf(served);
  const server = createHttpServer({
    endpoint: elsewhere === null ? endpoint : { servedBy: new URL(elsewhere.url).host },
    slack: slack.listener,
    pages: pagesOf(config, endpoint, { db: pools.pages, linkOf: slack.linkOf, now }, log),
    readiness: async () => withOthers(await looked(), slack, ports.replayer),
    scrape: config.METRICS_PORT === undefined ? scrape : null,
    trustProxy: config.TRUST_PROXY,
    onError,
  });
  return { server, metricsServer: createMetricsServer(scrape, onError) };
}

function endpointOf({ config, log, ports, plan, execute, metrics }: Served): EndpointOptions {
  return {
    ...{ ports, plan, execute },
    credentials: { session: findSession, apiKey: findApiKey },
    slowdown: createSlowdown({
      now: ports.clock.now,
      onFailures: (from, failures) =>
        log.warn({ from, failures, path: ENDPOINT_PATH }, 'credentials refused'),
    }),
    publicOrigin: config.PUBLIC_ORIGIN,
    requireSecondPerson: config.SLACK_REQUIRE_SECOND_PERSON,
    onUnauthenticated: metrics.unauthenticated,
  };
}

/** The pages, beside the endpoint that `endpoint` describes. */
function pagesOf(
  config: Config,
  endpoint: EndpointOptions,
  batches: Omit<PagesOptions['batches'], 'incidentUrl'>,
  log: Log,
): RequestListener {
  const { ports, credentials, slowdown, onUnauthenticated } = endpoint;
  const trustProxy = config.TRUST_PROXY;
  const signIn = signInOptions(config);
  return createPages({
    ...{ ports, credentials, slowdown, trustProxy, onUnauthenticated },
    batches: { ...batches, incidentUrl: config.INCIDENT_URL ?? null },
    signIn:
      signIn &&
      signInRoutes(signIn, {
        ports,
        trustProxy,
        onRefused: (refused) => log.warn(refused, 'nobody was signed in'),
      }),
    onError: (error) => log.error(errorFields(error), 'request failed'),
  });
}
