// Whether a name that somebody gave is an issue of the Sentry that is asked, and where it is there. Nothing of an address leads
// a request elsewhere: what is taken of it is the issue's id.
import { readIssueName, SHORT_ID } from '../domain/sentry.ts';

export type Site = { readonly origin: string; readonly org: string };

export type Located = { readonly kind: 'short_id' | 'id'; readonly id: string };

/** The issue in question, or as a sentence without its subject why it can't be. */
export function locate(
  named: string,
  { origin, org }: Site,
): Located | { readonly kind: 'elsewhere'; readonly why: string } {
  const name = readIssueName(named);
  if (name === null) return { kind: 'elsewhere', why: 'is no short id and no address of an issue' };
  if (name.kind === 'short_id') return { kind: 'short_id', id: name.shortId };
  const { host, protocol } = new URL(origin);
  const { address, head, id } = name;
  // `sentry.io/organizations/acme/issues/`, `sentry.io/acme/api/issues/`, or `acme.sentry.io/issues/`.
  const own = address.host === `${org}.${host}`;
  const [, first = '', second = ''] = head.toLowerCase().split('/');
  const namedOrg = first === 'organizations' ? second : first;
  const isOurs = own ? first === 'issues' || namedOrg === org : address.host === host && namedOrg === org;
  if (address.protocol !== protocol || !isOurs)
    return { kind: 'elsewhere', why: `is not in ${org} at ${host}; give its short id, or its address there` };
  return { kind: SHORT_ID.test(id) ? 'short_id' : 'id', id };
}
