// The pages that people read in a browser, on hono: routing, escaped markup and their headers. The endpoint, health and
// metrics stay outside of it.
import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { addBatchPages, type BatchPagesOptions } from './batches/routes.ts';
import { withPageHeaders } from './headers.ts';
import { answerPage, type PageEnv } from './page.ts';
import { adminsOnly, type ViewerOptions } from './viewers.ts';

export type PagesOptions = ViewerOptions & {
  readonly batches: Omit<BatchPagesOptions, 'onError'>;
  /** Signing in and out; null where somebody else's application does that. */
  readonly signIn: Hono<PageEnv> | null;
  readonly onError: (error: unknown) => void;
};

/** Whether a path is a page's; what is none is answered as programs are. */
export function isPage(path: string): boolean {
  return /^\/(?:batches|sign-in|sign-out)(?:\/|$)/.test(path);
}

/** Answers the requests for pages. */
export function createPages(options: PagesOptions): RequestListener {
  const app = new Hono<PageEnv>();
  app.use(withPageHeaders);
  app.use(async (context, next) => {
    context.set('signIn', options.signIn !== null);
    await next();
  });
  if (options.signIn !== null) app.route('/', options.signIn);
  app.use('/batches/*', adminsOnly(options));
  addBatchPages(app, { ...options.batches, onError: options.onError });
  app.notFound((context) => {
    const main = html`<p>There is no such page. <a href="/batches">All batches</a></p>`;
    return answerPage(context, { title: 'Not found', main }, 404);
  });
  app.onError((error, context) => {
    if (!(error instanceof InfrastructureTrouble)) options.onError(error);
    const away = error instanceof InfrastructureTrouble;
    const main = away
      ? html`<p>The database can't be reached just now. Nothing was changed; load this page again in a moment.</p>`
      : html`<p>Something went wrong here, and whoever runs this can read what in the log. Load this page again in a moment.</p>`;
    return answerPage(context, { title: 'Not now', main }, away ? 503 : 500);
  });
  const listener = getRequestListener(app.fetch, {
    // The rest of the process goes on with Node's own Request and Response.
    overrideGlobalObjects: false,
    // A Host or target that is no address never reaches a route.
    errorHandler: () => new Response(null, { status: 400, headers: { 'cache-control': 'no-store' } }),
  });
  return (request, response) => void listener(request, response);
}
