// What somebody reads who was not signed in, and what to do. Whoever has proved to be of the organisation is told why; a stranger
// is told neither whose addresses are known here nor which part of an answer was wrong.
import { html } from 'hono/html';
import type { AdmissionRefusal } from '../../domain/admission.ts';
import type { Markup } from '../pages/page.ts';
import type { ProviderTrouble } from './trouble.ts';

export type NotSignedIn = AdmissionRefusal | ProviderTrouble['because'] | 'interrupted';

type RefusalPage = { readonly status: 400 | 403 | 503; readonly title: string; readonly main: Markup };

const again = (label: string) => html`<p><a class="button main" href="/sign-in">${label}</a></p>`;

const STRANGER: RefusalPage = {
  status: 403,
  title: "This account can't sign in here",
  main: html`<p>Sign in with your work account, and with an e-mail address that has been verified there. If that is the one you used, ask whoever runs retry-batch.</p>
${again('Sign in with another account')}`,
};

const PAGES: Readonly<Record<NotSignedIn, RefusalPage>> = {
  restart: {
    status: 400,
    title: 'Sign in again',
    main: html`<p>This sign-in was begun in another browser, took longer than ten minutes, or was used already. Nobody was signed in.</p>
${again('Sign in')}`,
  },
  cancelled: {
    status: 400,
    title: 'Not signed in',
    main: html`<p>The sign-in was broken off. Nobody was signed in.</p>
${again('Sign in')}`,
  },
  unproven: {
    status: 403,
    title: 'Not signed in',
    main: html`<p>The answer that came back could not be verified, so nobody was signed in. Sign in again; if this page comes back, tell whoever runs retry-batch.</p>
${again('Sign in')}`,
  },
  domain: STRANGER,
  unverified: STRANGER,
  unknown: {
    status: 403,
    title: 'OnRamp does not know your e-mail address',
    main: html`<p>Your account is fine, and no user of OnRamp has its e-mail address. Ask an admin of OnRamp to add you with it, and sign in again.</p>
${again('Sign in')}`,
  },
  inactive: {
    status: 403,
    title: 'Your OnRamp user is switched off',
    main: html`<p>Your account is fine, and the user of OnRamp with its e-mail address is not active. Ask an admin of OnRamp to activate it, and sign in again.</p>
${again('Sign in')}`,
  },
  unavailable: {
    status: 503,
    title: 'The sign-in provider does not answer',
    main: html`<p>Nothing is wrong with your account. Try again in a moment. Whoever is signed in already stays so, and Slack and the API work as ever.</p>
${again('Try again')}`,
  },
  interrupted: {
    status: 503,
    title: 'The database does not answer',
    main: html`<p>Nothing is wrong with your account. Try again in a moment.</p>
${again('Try again')}`,
  },
  misconfigured: {
    status: 503,
    title: 'Sign-in is not set up right',
    main: html`<p>The sign-in provider turned retry-batch away. Tell whoever runs it: the log says why. Whoever is signed in already stays so.</p>
${again('Try again')}`,
  },
};

/** The page for one who was not signed in. */
export function refusalPage(because: NotSignedIn): RefusalPage {
  return PAGES[because];
}
