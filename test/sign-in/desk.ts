// A bot that signs people in, the provider, what stands before it, and the people.
import { freePort } from '../../src/dev/postgres/embedded.ts';
import { type Front, startFront } from '../../src/dev/provider/front.ts';
import type { Account } from '../../src/dev/provider/settings.ts';
import { type RunningProvider, startProvider } from '../../src/dev/provider/start.ts';
import { type RunningApp, startApp } from '../support/app.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { createWorld, type World } from '../support/world.ts';

/** The organisation, and what is in it. */
export const ORGANISATION = 'onramp.test';

export const PEOPLE: readonly (Account & { readonly is: 'admin' | 'user' | 'inactive' | 'unknown' })[] = [
  { email: 'priya@onramp.test', name: 'Priya', organisation: ORGANISATION, is: 'admin' },
  { email: 'Sam.Case@onramp.test', name: 'Sam', organisation: ORGANISATION, is: 'admin' },
  { email: 'kai@onramp.test', name: 'Kai', organisation: ORGANISATION, is: 'admin' },
  { email: 'colleague@onramp.test', name: 'Colleague', organisation: ORGANISATION, is: 'user' },
  { email: 'left@onramp.test', name: 'Left', organisation: ORGANISATION, is: 'inactive' },
  { email: 'new@onramp.test', name: 'New', organisation: ORGANISATION, is: 'unknown' },
  { email: 'unverified@onramp.test', name: 'Un', organisation: ORGANISATION, verified: false, is: 'admin' },
  { email: 'private@onramp.test', name: 'Private account', organisation: null, is: 'admin' },
  { email: 'other@onramp.test', name: 'Other organisation', organisation: 'other.test', is: 'admin' },
  { email: 'stranger@elsewhere.test', name: 'Stranger', organisation: 'elsewhere.test', is: 'unknown' },
];

export type SignInDesk = {
  readonly world: World;
  readonly front: Front;
  readonly provider: RunningProvider;
  readonly app: RunningApp;
  /** What an operator sets for another bot beside it. */
  environment(port: number): Record<string, string>;
};

/** For the tests of one file; `environment` is what an operator would set otherwise. */
export function sharedDesk(environment: Record<string, string> = {}): SignInDesk {
  const world = shared(createWorld);
  const front = shared(async () => {
    const started = await startFront();
    atTheEnd(() => started.stop());
    return started;
  });
  const provider = shared(async () => {
    const people = PEOPLE.map(({ is: _, ...account }) => account);
    const started = await startProvider({ people, issuer: front.url });
    atTheEnd(() => started.stop());
    front.lead(started.url);
    return started;
  });
  const configured = (port: number): Record<string, string> => ({
    PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: front.url,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_ALLOWED_DOMAINS: ORGANISATION,
    OIDC_HOSTED_DOMAIN: ORGANISATION,
    ...environment,
  });
  const app = shared(async () => {
    for (const { email, is } of PEOPLE)
      if (is !== 'unknown')
        await world.user({
          email: email.toLowerCase(),
          admin: is === 'admin' || is === 'inactive',
          active: is !== 'inactive',
        });
    return startApp(world, configured(await freePort()));
  });
  return { world, front, provider, app, environment: configured };
}

/** What the audit trail says of signing in, oldest first. */
export function trail({ world }: Pick<SignInDesk, 'world'>) {
  return world.sql<{ action: string; who: string | null; because: string | null; claimed: string | null }>(
    `select action, actor #>> '{user,email}' as who, evidence ->> 'because' as because,
       evidence #>> '{claimed,email}' as claimed
     from retry_batch.events where action in ('signed_in', 'sign_in_refused', 'signed_out') order by id`,
  );
}
