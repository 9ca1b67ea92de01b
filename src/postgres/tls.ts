// Why no connection came about over TLS, in words that say what to change: the driver's own are a library's.
import pg from 'pg';
import { isError } from './errors.ts';

const NO_TLS = 'The server does not support SSL connections';
const NOT_AUTHORIZED = '28000';

/** Node's codes for a certificate that nobody known has signed. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** What is wrong between a connection string and the server's TLS, with what to do; null where it is something else. */
export function tlsProblem(error: unknown): string | null {
  if (!isError(error)) return null;
  const code = String(Reflect.get(error, 'code'));
  if (UNTRUSTED.has(code))
    return "the server's certificate is signed by nobody known here: name the file of its CA with sslrootcert=/path/to/ca.pem";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return "the server's certificate is for another host: connect by a name that stands in it";
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `the server's certificate is not valid today (${error.message})`;
  if (error.message === NO_TLS)
    return 'the server speaks no TLS: leave sslmode out, where the network between is to be trusted';
  if (
    error instanceof pg.DatabaseError &&
    code === NOT_AUTHORIZED &&
    /no encryption|SSL off/.test(error.message)
  )
    return 'the server lets nobody in without TLS: add sslmode=verify-full';
  return null;
}
