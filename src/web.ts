// The pages and signing in: what of the configuration they are told, and what they share with the endpoint.
import type { RequestListener } from 'node:http';
import type { Config } from './config.ts';
import type { EndpointOptions } from './http/endpoint.ts';
import { createPages, type PagesOptions } from './http/pages/pages.ts';
import { signInRoutes } from './http/sign-in/routes.ts';
import { errorFields, type Log } from './log.ts';
import { signInOptions } from './settings.ts';

/** The pages, beside the endpoint that `endpoint` describes. */
export function pagesOf(
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
