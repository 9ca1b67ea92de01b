// What stands before the provider for tests: it changes the id tokens that pass, as no real provider would issue them, and can
// be down or slow. What it signs is signed soundly, with a key that it adds to the provider's own.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Claims = Record<string, unknown>;

/** `own`: with the front's key, which is published; `none`: no signature; `stranger`: with a key that nobody published. */
export type Forgery = {
  readonly claims?: (claims: Claims) => Claims;
  readonly signedBy?: 'own' | 'none' | 'stranger';
};

export type Front = {
  /** The issuer's address. */
  readonly url: string;
  /** Where to pass requests on to. */
  lead(to: string): void;
  /** From now on every id token is changed so; null: none is. */
  forge(forgery: Forgery | null): void;
  /** From now on it refuses connections' requests, says nothing, or answers 500; null: it passes everything on. */
  fail(how: 'closed' | 'silent' | 'broken' | null): void;
  stop(): Promise<void>;
};

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Resolves when it listens. */
export async function startFront(): Promise<Front> {
  const [own, stranger] = [pair(), pair()];
  const keys = { own: own.privateKey, stranger: stranger.privateKey };
  const published = { ...own.publicKey.export({ format: 'jwk' }), kid: 'front', use: 'sig', alg: 'RS256' };
  let [to, forgery, failing]: [string, Forgery | null, 'closed' | 'silent' | 'broken' | null] = [
    '',
    null,
    null,
  ];
  const server = createServer(async (incoming, outgoing) => {
    if (failing === 'silent') return;
    if (failing === 'closed') return void incoming.socket.destroy();
    if (failing === 'broken') return void outgoing.writeHead(500).end('<h1>zq7 broken</h1>');
    const answer = await passOn(to, incoming);
    if (incoming.url?.startsWith('/jwks'))
      answer.change((body) => ({ ...body, keys: [...(body.keys as object[]), published] }));
    if (incoming.url?.startsWith('/token') && forgery !== null) {
      const { claims = (same: Claims) => same, signedBy = 'own' } = forgery;
      answer.change((body) =>
        typeof body.id_token === 'string'
          ? { ...body, id_token: forged(body.id_token, claims, signedBy, keys) }
          : body,
      );
    }
    answer.send(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (url) => {
      to = url;
    },
    forge: (order) => {
      forgery = order;
    },
    fail: (how) => {
      failing = how;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function forged(
  token: string,
  change: (claims: Claims) => Claims,
  signedBy: 'own' | 'none' | 'stranger',
  keys: Readonly<Record<'own' | 'stranger', KeyObject>>,
): string {
  const [, payload = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  const header = signedBy === 'none' ? { alg: 'none' } : { alg: 'RS256', kid: 'front' };
  const said = [header, change(claims)].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = said.join('.');
  const signature = signedBy === 'none' ? '' : sign('sha256', Buffer.from(signed), keys[signedBy]);
  return `${signed}.${signature === '' ? '' : signature.toString('base64url')}`;
}

/** The provider's answer, read whole. Its addresses are the front's: it is asked with the front's own Host. */
async function passOn(to: string, incoming: IncomingMessage) {
  const body = await buffer(incoming);
  const { status, headers, received } = await new Promise<{
    status: number;
    headers: IncomingMessage['headers'];
    received: Buffer;
  }>((resolve, reject) => {
    const { method, headers } = incoming;
    const outgoing = request(`${to}${incoming.url}`, { method, headers, agent: false }, async (answer) => {
      resolve({ status: answer.statusCode ?? 502, headers: answer.headers, received: await buffer(answer) });
    });
    outgoing.on('error', reject).end(body);
  });
  let sent: Buffer | string = received;
  return {
    change: (how: (body: Claims) => Claims) => {
      sent = JSON.stringify(how(JSON.parse(received.toString()) as Claims));
    },
    send: (response: ServerResponse) => {
      const { 'transfer-encoding': _, 'content-length': __, connection: ___, ...rest } = headers;
      response.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(sent) }).end(sent);
    },
  };
}
