// Whether somebody whom the provider vouches for is let in: the organisation, a verified address, and an active user of OnRamp.
import type { AdmissionRefusal } from '../../domain/admission.ts';
import type { Person } from '../../store/sessions.ts';
import type { Identity } from './provider.ts';

export type AdmissionRules = {
  /** The `hd` that an account must have; null: none is asked for. */
  readonly hostedDomain: string | null;
  /** The domains that an address must be in, in small letters; null: every domain will do. */
  readonly allowedDomains: readonly string[] | null;
};

export type Admission =
  | { readonly kind: 'admitted'; readonly person: Person }
  | { readonly kind: 'refused'; readonly because: AdmissionRefusal };

/** Judges an identity; `person` is the user with its address. A stranger is refused as one, whoever he claims to be. */
export function admit(rules: AdmissionRules, identity: Identity, person: Person | undefined): Admission {
  const because = refusal(rules, identity, person);
  if (because !== null || person === undefined) return { kind: 'refused', because: because ?? 'unknown' };
  return { kind: 'admitted', person };
}

function refusal(
  { hostedDomain, allowedDomains }: AdmissionRules,
  { email, emailVerified, hostedDomain: hd }: Identity,
  person: Person | undefined,
): AdmissionRefusal | null {
  if (hostedDomain !== null && hd?.toLowerCase() !== hostedDomain) return 'domain';
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase() ?? '';
  if (allowedDomains !== null && !allowedDomains.includes(domain)) return 'domain';
  if (!emailVerified) return 'unverified';
  if (person === undefined) return 'unknown';
  return person.active ? null : 'inactive';
}

/**
 * An address that a user may be looked up by. Letters that only become plain ones when Postgres makes them small would be
 * somebody else's.
 */
export function lookUpAddress({ email }: Identity): string | null {
  return email !== null && /^[\x21-\x7e]{1,320}$/.test(email) ? email : null;
}
