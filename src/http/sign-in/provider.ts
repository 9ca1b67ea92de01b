// The sign-in provider, asked by OpenID Connect. Its tokens stay in here: nothing of them is shown or logged.
import { secondsToMilliseconds } from 'date-fns/secondsToMilliseconds';
import * as client from 'openid-client';
import { cached } from '../cached.ts';
import { type ProviderTrouble, troubleOf } from './trouble.ts';

export type ProviderOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends the browser back to. */
  readonly callback: string;
  /** The only organisation whose accounts it is asked for; null: every organisation will do. */
  readonly hostedDomain: string | null;
  /** People choose there which account they sign in with, whatever they are signed in with. */
  readonly choosesAccount: boolean;
};

/** What one sign-in is recognised by when it comes back; the browser keeps it meanwhile. */
export type Pending = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** What the provider vouches for. */
export type Identity = {
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** The organisation that the account belongs to (`hd`). */
  readonly hostedDomain: string | null;
};

export type Provider = {
  /** Where the browser is sent. */
  begin(): Promise<
    { readonly kind: 'begun'; readonly url: URL; readonly pending: Pending } | ProviderTrouble
  >;
  /** Who came back with this query. */
  finish(
    query: string,
    pending: Pending,
  ): Promise<{ readonly kind: 'known'; readonly identity: Identity } | ProviderTrouble>;
};

/** A person waits for each answer. */
const TIMEOUT_SECONDS = 5;
/** How long what the provider says of itself is believed. */
const DISCOVERED_MS = secondsToMilliseconds(3600);

/** How a provider says that it does not know the client. */
const CLIENT_UNKNOWN: readonly string[] = ['invalid_client', 'status_401'];

/** Some providers take the secret in the body alone, some in a header alone. */
const WAYS = { body: client.ClientSecretPost, header: client.ClientSecretBasic } as const;
type Way = keyof typeof WAYS;

/** Asks nothing yet: a start does not depend on the provider. */
export function createProvider(options: ProviderOptions): Provider {
  const discovering = (way: Way) =>
    cached(() => discover(options, WAYS[way](options.clientSecret)), DISCOVERED_MS, Date.now);
  const discovered = { body: discovering('body'), header: discovering('header') };
  // What was taken last; each sign-in tries the other one for itself.
  let taken: Way = 'body';
  const finishBy = (way: Way, query: string, pending: Pending) =>
    orTrouble(async () => finish(options, await discovered[way](), query, pending));
  return {
    begin: () => orTrouble(async () => begin(options, await discovered[taken]())),
    finish: async (query, pending) => {
      const way = taken;
      const finished = await finishBy(way, query, pending);
      if (!isClientUnknown(finished)) return finished;
      // Nobody has looked at the code yet.
      const other = way === 'body' ? 'header' : 'body';
      const again = await finishBy(other, query, pending);
      if (!isClientUnknown(again)) taken = other;
      return again;
    },
  };
}

function isClientUnknown(finished: { readonly kind: 'known' } | ProviderTrouble): boolean {
  return finished.kind === 'trouble' && CLIENT_UNKNOWN.includes(finished.code);
}

function discover(
  { issuer, clientId }: ProviderOptions,
  secret: client.ClientAuth,
): Promise<client.Configuration> {
  const isPlain = new URL(issuer).protocol === 'http:';
  return client.discovery(new URL(issuer), clientId, undefined, secret, {
    timeout: TIMEOUT_SECONDS,
    // The library trusts the connection to the provider, and would not look at the id token's signature.
    execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
  });
}

async function begin(
  { callback, hostedDomain, choosesAccount }: ProviderOptions,
  config: client.Configuration,
) {
  const pending: Pending = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(hostedDomain === null ? {} : { hd: hostedDomain }),
    // Whoever was refused with a private account is asked for another one.
    ...(choosesAccount ? { prompt: 'select_account' } : {}),
  });
  return { kind: 'begun', url, pending } as const;
}

async function finish(
  { callback }: ProviderOptions,
  config: client.Configuration,
  query: string,
  { state, nonce, verifier }: Pending,
) {
  const tokens = await client.authorizationCodeGrant(config, new URL(`${callback}${query}`), {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const text = (name: string) => (typeof claims?.[name] === 'string' ? claims[name] : null);
  const identity: Identity = {
    email: text('email'),
    emailVerified: claims?.email_verified === true,
    hostedDomain: text('hd'),
  };
  return { kind: 'known', identity } as const;
}

async function orTrouble<Answer>(work: () => Promise<Answer>): Promise<Answer | ProviderTrouble> {
  try {
    return await work();
  } catch (error) {
    return troubleOf(error);
  }
}
