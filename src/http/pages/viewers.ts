// Who may read the pages: a session with ONRAMP_ADMIN. Others get the page that says how to become one.
import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { ADMIN_ROLE } from '../../domain/person.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { addressOf } from '../address.ts';
import { type Credentials, sessionHashes, sessionUsers } from '../credentials.ts';
import type { Slowdown } from '../slowdown.ts';
import { answerPage, type PageContext, type PageEnv } from './page.ts';

export type ViewerOptions = {
  readonly ports: EnginePorts;
  readonly credentials: Credentials;
  readonly slowdown: Slowdown;
  readonly trustProxy: boolean;
  readonly onUnauthenticated: () => void;
};

/** Lets admins by, as the context's `viewer`. A link in Slack leads here from another site: reading asks for no origin. */
export function adminsOnly(options: ViewerOptions): MiddlewareHandler<PageEnv> {
  return async (context, next) => {
    const { ports, credentials } = options;
    const [user, ...others] = await sessionUsers(ports.db.autocommit, credentials, context.env.incoming);
    if (user === undefined) return unauthenticated(options, context);
    if (others.length > 0) return several(context);
    context.set('viewer', user);
    if (!user.admin) return forbidden(context);
    return next();
  };
}

/** Who has no cookie has guessed nothing, and need not wait. */
async function unauthenticated(options: ViewerOptions, context: PageContext) {
  const { slowdown, ports } = options;
  if (sessionHashes(context.env.incoming).length > 0) {
    const from = addressOf(context.env.incoming, options.trustProxy);
    options.onUnauthenticated();
    const wait = slowdown.failed(from);
    if (wait === null) context.env.incoming.destroy();
    else await ports.clock.sleep(wait).then(() => slowdown.waited(from));
  }
  const { pathname, search } = new URL(context.req.url);
  const back = `/sign-in?return_to=${encodeURIComponent(pathname + search)}`;
  const main = context.get('signIn')
    ? html`<p>This page is for those who may replay executions. It takes a session, and there is none, or it has ended.</p>
<p><a class="button main" href="${back}">Sign in</a></p>`
    : html`<p>This page takes a session of OnRamp's admin UI, and there is none, or it has ended. Sign in there, and come back.</p>`;
  return answerPage(context, { title: 'Sign in first', main }, 401);
}

/** Nobody has guessed anything. */
function several(context: PageContext) {
  const out = context.get('signIn')
    ? html`<form method="post" action="/sign-out"><button class="button main">Sign out</button></form>`
    : '';
  const main = html`<p>This browser has live sessions of several people, and nobody is taken for one of them. Sign out wherever you did not mean to be signed in${context.get('signIn') ? html`: here, or in OnRamp's admin UI` : ''}. If you know of one session alone, somebody may have put the other one into this browser: delete the cookies named <code>session</code>, of this host and of the domain above it, and sign in again.</p>
${out}`;
  return answerPage(context, { title: 'Signed in as several people', main }, 401);
}

function forbidden(context: PageContext) {
  const main = html`<p>You are signed in, and this page is for those with the role ${ADMIN_ROLE}, which you have not. Ask an admin of OnRamp for it, and load this page again.</p>`;
  return answerPage(context, { title: 'Not for you yet', main }, 403);
}
