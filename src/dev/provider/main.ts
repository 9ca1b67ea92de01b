// An OpenID Connect provider with seeded people, in a process of its own: whoever signs in chooses whom to be, and there are no
// passwords. For demo and tests.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';
import { chosenPerson, peoplePage } from './people-page.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const people = new Map(settings.PROVIDER_PEOPLE.map((one) => [one.email, one]));
const server = createServer();
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const configuration: Configuration = {
  clients: [
    {
      client_id: settings.PROVIDER_CLIENT_ID,
      client_secret: settings.PROVIDER_CLIENT_SECRET,
      token_endpoint_auth_method: settings.PROVIDER_CLIENT_AUTH,
      // Of a native client on this machine any port will do: the bot has another one at each start.
      application_type: settings.PROVIDER_CALLBACK.startsWith('https:') ? 'web' : 'native',
      redirect_uris: [settings.PROVIDER_CALLBACK],
    },
  ],
  jwks: { keys: [{ ...signingKey, kid: 'own', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomUUID()] },
  claims: { openid: ['sub', 'hd', 'name'], email: ['email', 'email_verified'] },
  // As Google has it: the id token says it all.
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, email) => {
    const one = people.get(email);
    if (one === undefined) return undefined;
    const { name, verified, organisation } = one;
    const claims = { sub: email, name, email, email_verified: verified };
    return {
      accountId: email,
      claims: () => (organisation === null ? claims : { ...claims, hd: organisation }),
    };
  },
  // Nobody is asked whether the bot may know their address.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      ...(oidc.client ? { clientId: oidc.client.clientId } : {}),
      ...(oidc.account ? { accountId: oidc.account.accountId } : {}),
    });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
};

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') {
    const email = await chosenPerson(request);
    const result = people.has(email)
      ? // Of a native client consent is asked for each time; choosing is consenting.
        { login: { accountId: email }, consent: {} }
      : { error: 'access_denied', error_description: 'nobody was chosen' };
    return provider.interactionFinished(request, response, result);
  }
  const { uid } = await provider.interactionDetails(request, response);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(peoplePage(uid, settings.PROVIDER_PEOPLE));
}

server.listen(settings.PROVIDER_PORT, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(settings.PROVIDER_ISSUER ?? url, configuration);
  const handle = provider.callback();
  server.on('request', (request, response) => {
    // Who was somebody before may want to be somebody else now.
    if (request.url?.startsWith('/auth?')) delete request.headers.cookie;
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    interact(provider, request, response).catch((error: unknown) => {
      // A choice that was made already, or too late.
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
});

const stop = (): void => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGTERM', stop);
process.stdin.resume().once('end', stop);
