// Who calls: a browser's session cookie or an internal API key. The answer never tells which part was wrong.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '../domain/person.ts';
import type { Tx } from '../postgres/tx.ts';

/** Whose session it is. */
type User = { readonly id: number; readonly email: string; readonly admin: boolean };

/** Where live credentials are looked up; judged by the database's clock. */
export interface Credentials {
  session(tx: Tx, tokenSha256: Buffer): Promise<User | undefined>;
  apiKey(tx: Tx, key: string): Promise<{ name: string; secretSha256: Buffer; admin: boolean } | undefined>;
}

export type Caller =
  | { readonly kind: 'admin'; readonly actor: Actor }
  /** A valid credential that may not do this. */
  | { readonly kind: 'forbidden'; readonly actor: Actor; readonly because: 'role' | 'origin' }
  /** The browser has live sessions of several people, each of whom could be who calls. */
  | { readonly kind: 'several'; readonly actors: readonly Actor[] }
  | { readonly kind: 'unauthenticated' };

const NOBODY = Buffer.alloc(32);

/**
 * Identifies the caller of `request`. Where `Authorization` is present the cookie is ignored. A cookie call that
 * another site's page made is forbidden: the browser sent the cookie, the person did not.
 */
export async function identify(
  tx: Tx,
  credentials: Credentials,
  request: IncomingMessage,
  from: string,
  publicOrigin: string | undefined,
): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return byApiKey(tx, credentials, request, authorization, from);
  const users = await sessionUsers(tx, credentials, request);
  const [user, ...others] = users;
  if (user === undefined) return { kind: 'unauthenticated' };
  const actorOf = ({ id, email }: User): Actor => ({ kind: 'session', user: { id, email }, from });
  if (others.length > 0) return { kind: 'several', actors: users.map(actorOf) };
  const actor = actorOf(user);
  if (!user.admin) return { kind: 'forbidden', actor, because: 'role' };
  if (!isOwnOrigin(request, publicOrigin)) return { kind: 'forbidden', actor, because: 'origin' };
  return { kind: 'admin', actor };
}

async function byApiKey(
  tx: Tx,
  credentials: Credentials,
  request: IncomingMessage,
  key: string,
  from: string,
): Promise<Caller> {
  const secret = request.headers['or-internal-api-auth-secret'];
  const found = isStorable(key) ? await credentials.apiKey(tx, key) : undefined;
  // An unknown key costs the same comparison as a wrong secret.
  const expected = found?.secretSha256 ?? NOBODY;
  const given = sha256(typeof secret === 'string' ? secret : '');
  const matches = expected.length === given.length && timingSafeEqual(expected, given);
  if (found === undefined || typeof secret !== 'string' || !matches) return { kind: 'unauthenticated' };
  const actor: Actor = { kind: 'api_key', name: found.name, from };
  return found.admin ? { kind: 'admin', actor } : { kind: 'forbidden', actor, because: 'role' };
}

/**
 * Whose request it may be: mostly one person's or nobody's. A browser sends all that it has under the name,
 * of the site and of the domain above it, and which of them comes first says nothing. Any of them may have been put there by a page
 * of a neighbouring host, with a session of OnRamp's or of the bot's own that somebody else is signed in with: so of two people
 * who may call, neither is taken for the one who does. What else is beside that of one who may is nobody's harm: other sessions of
 * the same person, ended ones, and those of people who may not.
 */
export async function sessionUsers(
  tx: Tx,
  credentials: Credentials,
  request: IncomingMessage,
): Promise<readonly User[]> {
  const hashes = sessionHashes(request);
  // What is not looked at could be the session of whoever really calls.
  if (hashes.length > MOST_COOKIES) return [];
  const users = new Map<number, User>();
  for (const hash of hashes) {
    const user = await credentials.session(tx, hash);
    if (user !== undefined) users.set(user.id, user);
  }
  const live = [...users.values()];
  const admins = live.filter((user) => user.admin);
  return admins.length > 0 ? admins : live;
}

/** Each costs a look into the database, and nobody's browser has more. */
const MOST_COOKIES = 4;

/** The SHA-256 of each session that the request names, live or not. */
export function sessionHashes(request: IncomingMessage): Buffer[] {
  return sessionCookies(request.headers.cookie ?? '').map(sha256);
}

/** The values of the cookies named `session`, as they were set. */
function sessionCookies(header: string): string[] {
  const values = new Set<string>();
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === 'session') values.add(pair.slice(at + 1).trim());
  }
  return [...values];
}

const SITES: readonly string[] = ['http:', 'https:'];

/** A call without an Origin is no browser page's; `null` is some page's, and not ours. */
export function isOwnOrigin(request: IncomingMessage, publicOrigin: string | undefined): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (site === 'cross-site') return false;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin);
  // `file://` has an empty host, and so has `file://localhost`: a local file would pass for Host `localhost`.
  if (!SITES.includes(asked.protocol)) return false;
  if (publicOrigin !== undefined) return asked.origin === publicOrigin;
  const own = `${asked.protocol}//${host ?? ''}`;
  return URL.canParse(own) && new URL(own).host === asked.host;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Postgres text holds no NUL; such a key can't be anybody's. */
function isStorable(text: string): boolean {
  return !text.includes('\0');
}
