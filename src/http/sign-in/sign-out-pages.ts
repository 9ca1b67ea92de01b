// What somebody reads who signs out.
import { html } from 'hono/html';
import type { Page } from '../pages/page.ts';

export const SIGNED_OUT: Page = {
  title: 'You are signed out',
  main: html`<p>The session of this browser has ended. One that OnRamp's admin UI began ends there.</p>
<p><a class="button main" href="/sign-in">Sign in</a></p>`,
};

/** For somebody who opened the address. */
export const SIGN_OUT: Page = {
  title: 'Sign out?',
  main: html`<form method="post" action="/sign-out"><button class="button main">Sign out</button></form>`,
};

/** For a form that stands on another site. */
export const FOREIGN_SIGN_OUT: Page = {
  title: 'You are still signed in',
  main: html`<p>Another site asked to sign you out. If that was you, sign out here.</p>
<form method="post" action="/sign-out"><button class="button main">Sign out</button></form>`,
};
