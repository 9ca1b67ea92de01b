// The two cookies: one that recognises a sign-in when it comes back, for ten minutes, and the session's.
import { randomBytes } from 'node:crypto';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { z } from 'zod';
import type { PageContext } from '../pages/page.ts';
import type { Pending } from './provider.ts';

const PENDING_SECONDS = 600;
const HOUR_SECONDS = 3600;

/** Who may read a cookie, and with which requests it is sent. */
const common = (secure: boolean): CookieOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'Lax',
  secure,
});

/** With it a page of a neighbouring host can't set the cookie in our place; browsers take it for https alone. */
const pendingName = (secure: boolean) => (secure ? '__Host-sign-in' : 'sign-in');

const pendingCookie = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
});

export type PendingCookie = Pending & { readonly returnTo: string };

/** Has the browser keep what a sign-in is recognised by. */
export function keepPending(context: PageContext, secure: boolean, pending: PendingCookie): void {
  const value = Buffer.from(JSON.stringify(pending)).toString('base64url');
  setCookie(context, pendingName(secure), value, { ...common(secure), maxAge: PENDING_SECONDS });
}

/** Takes it back, for one use; undefined where the browser has none, or one that nobody here made. */
export function takePending(context: PageContext, secure: boolean): PendingCookie | undefined {
  const value = getCookie(context, pendingName(secure));
  deleteCookie(context, pendingName(secure), common(secure));
  if (value === undefined) return undefined;
  try {
    return pendingCookie.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** A session's value, which nobody but its browser ever has. */
export function newSession(): string {
  return randomBytes(32).toString('base64url');
}

/** Gives the browser its session, of this host alone. */
export function giveSession(context: PageContext, secure: boolean, value: string, hours: number): void {
  setCookie(context, 'session', value, { ...common(secure), maxAge: hours * HOUR_SECONDS });
}

/** Has the browser forget it. */
export function forgetSession(context: PageContext, secure: boolean): void {
  deleteCookie(context, 'session', common(secure));
}
