// The name resolution of a webhook's connection. It answers the socket itself, so the address that was
// checked is the one that is connected to, and a name can't change its mind in between.
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { errorCode } from './error-code.ts';
import { isPublicAddress } from './public-address.ts';

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The resolver of the operating system. */
export const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/**
 * A `lookup` for sockets that leaves out every address that isn't public, unless `allowPrivate`. Where none
 * is left, the error's code is `PRIVATE_ADDRESS`.
 */
export function guardedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    permitted(hostname, resolve, allowPrivate).then(
      ([first, ...rest]) => {
        if (options.all === true) callback(null, [first, ...rest]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(lookupError(errorCode(error)), ''),
    );
  };
}

async function permitted(
  hostname: string,
  resolve: Resolve,
  allowPrivate: boolean,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const all = await resolve(hostname);
  const [first, ...rest] = allowPrivate ? all : all.filter(({ address }) => isPublicAddress(address));
  if (first !== undefined) return [first, ...rest];
  if (all.length > 0) throw lookupError('PRIVATE_ADDRESS');
  throw lookupError('ENOTFOUND');
}

function lookupError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error('the host name gives no usable address'), { code });
}
