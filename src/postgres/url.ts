// What can be wrong with a connection string before anybody connects with it. Never repeats any of it: it has a password.
import pg from 'pg';
import { isError } from './errors.ts';

const SCHEME = /^postgres(ql)?:\/\//i;

/** How a database is named, for whoever has it wrong. */
const FORM = 'must be a URL with postgres:// or postgresql://';

const RAW =
  'has a character in its password that ends a URL or means something else in it: write # as %23, / as %2F, ? as %3F, @ as %40, % as %25';

const SYSTEM_CAS =
  "has libpq's sslrootcert=system: leave it out, sslmode=verify-full alone trusts the authorities that Node knows, and NODE_EXTRA_CA_CERTS";

/** Parameters whose values may hold an @. */
const WITH_AT = new Set(['user', 'password', 'host', 'application_name', 'options']);

/** What is wrong with `text` as a database's URL, as the end of a sentence; null where the driver can read it. */
export function databaseUrlProblem(text: string): string | null {
  if (!SCHEME.test(text)) return FORM;
  if (hasRawPassword(text)) return RAW;
  let client: pg.Client;
  try {
    client = new pg.Client({ connectionString: text });
  } catch (error) {
    return problemOf(error);
  }
  if (client.host.includes(',')) return 'names several hosts: name the one to connect to';
  if (!Number.isInteger(client.port) || client.port < 1 || client.port > 65_535)
    return 'has a port that is none';
  return null;
}

/** A password with a character that ends a URL's host: the host is then a part of the password, and nobody's. */
export function urlPasswordProblem(text: string): string | null {
  return hasRawPassword(text) ? RAW : null;
}

function problemOf(error: unknown): string {
  if (!isError(error)) return FORM;
  if ('path' in error && error.path === 'system') return SYSTEM_CAS;
  if ('syscall' in error) return 'names a file in sslrootcert, sslcert or sslkey that the bot cannot read';
  const { name, message } = error;
  // What looks percent-encoded and is not.
  if (name === 'URIError') return RAW;
  if (message.includes('sslnegotiation')) return 'has an sslnegotiation without TLS, or one that is none';
  if (message.includes('verify-ca')) return 'has sslmode=verify-ca without an sslrootcert';
  return FORM;
}

/** An @ that comes after what would be the host, or a # anywhere. */
function hasRawPassword(text: string): boolean {
  const rest = text.replace(/^[a-z]+:\/\//i, '');
  const end = rest.search(/[/?#]/);
  if (end < 0) return false;
  const [authority, tail] = [rest.slice(0, end), rest.slice(end)];
  if (tail.includes('#')) return true;
  const [path = '', query = ''] = tail.split(/\?(.*)/s);
  // A database may have an @ in its name; with a host behind it, it is none.
  if (authority.includes('@')) return /@.*\//.test(path);
  return path.includes('@') || query.split('&').some(hasStrayAt);
}

function hasStrayAt(parameter: string): boolean {
  return parameter.includes('@') && !WITH_AT.has(parameter.split('=', 1)[0] ?? '');
}
