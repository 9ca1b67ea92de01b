// What keeps strangers out of a browser's session, and sessions with whom they belong.
import type { Guard } from './guard.ts';

const FORGED = 'test/sign-in/forged.test.ts';
const REFUSED = 'test/sign-in/refused.test.ts';
const SIGN_IN = 'test/sign-in/sign-in.test.ts';

export const OF_SIGN_IN: readonly Guard[] = [
  {
    guard: "an id token's signature is checked",
    patch: 'sign-in-signature.patch',
    file: FORGED,
    test: 'signed by somebody else',
  },
  {
    guard: 'an answer belongs to the sign-in that this browser began',
    patch: 'sign-in-state.patch',
    file: FORGED,
    test: 'without a state signs nobody in',
  },
  {
    guard: 'an account is of the organisation',
    patch: 'sign-in-hosted-domain.patch',
    file: REFUSED,
    test: 'private@onramp.test is refused',
  },
  {
    guard: 'an address is verified',
    patch: 'sign-in-verified.patch',
    file: REFUSED,
    test: 'whose address is not verified',
  },
  {
    guard: 'a user is active',
    patch: 'sign-in-active.patch',
    file: REFUSED,
    test: 'left@onramp.test is refused',
  },
  {
    guard: 'a return address is of this site',
    patch: 'sign-in-return.patch',
    file: 'test/sign-in/return-address.test.ts',
    test: 'leads to the batches',
  },
  {
    guard: 'a sign-in is recognised once',
    patch: 'sign-in-once.patch',
    file: SIGN_IN,
    test: 'keeps what recognises the sign-in',
  },
  {
    guard: 'a session that was ended opens nothing',
    patch: 'session-revoked.patch',
    file: SIGN_IN,
    test: 'ends with signing out',
  },
  {
    guard: 'the session before a sign-in ends',
    patch: 'session-replaced.patch',
    file: SIGN_IN,
    test: 'is a new one at each sign-in',
  },
  {
    guard: 'nobody is signed out by another site',
    patch: 'sign-out-foreign.patch',
    file: SIGN_IN,
    test: 'is not ended by another site',
  },
  {
    guard: 'a page takes the role',
    patch: 'page-role.patch',
    file: 'test/http/pages.test.ts',
    test: 'a page without a session',
  },
  {
    guard: 'of the sessions of two people none wins',
    patch: 'sessions-of-two.patch',
    file: 'test/http/credentials.test.ts',
    test: 'of live sessions of two people',
  },
];
