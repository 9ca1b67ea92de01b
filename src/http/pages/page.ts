// What every page is made of: the one layout, and how a page is answered. Markup goes through hono's `html`, which
// escapes whatever stands in it; nothing here needs a script.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { SessionUser } from '../../store/callers.ts';
import { clean } from '../../text/untrusted.ts';
import { STYLE } from './style.ts';

/** Escaped markup, from hono's `html`. */
export type Markup = ReturnType<typeof html>;

/** What the pages' handlers find in hono's context. */
export type PageEnv = {
  Bindings: HttpBindings;
  Variables: {
    /** Who reads; undefined before sign-in. */
    viewer?: SessionUser;
    /** Where people sign in and out; undefined where somebody else's application does that. */
    signIn?: boolean;
  };
};

export type PageContext = Context<PageEnv>;

export type Page = {
  /** Of the window, and the page's heading unless `main` brings one of its own. */
  readonly title: string;
  readonly main: Markup;
  /** `main` begins with its own h1. */
  readonly ownHeading?: boolean;
};

/** Answers with a page, in the layout that all of them have. */
export function answerPage(
  context: PageContext,
  page: Page,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return context.html(layout(page, context.get('viewer'), context.get('signIn') ?? false), status);
}

function layout({ title, main, ownHeading = false }: Page, viewer: SessionUser | undefined, signIn: boolean) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · retry-batch</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<a class="home" href="/batches">retry-batch</a>
${viewer === undefined ? '' : whoIs(viewer, signIn)}
</header>
<main id="main">
${ownHeading ? '' : html`<h1>${title}</h1>`}
${main}
</main>
</body>
</html>
`;
}

function whoIs({ email }: SessionUser, signIn: boolean) {
  const out = signIn ? html`<form method="post" action="/sign-out"><button>Sign out</button></form>` : '';
  return html`<div class="viewer"><span>${clean(email)}</span>${out}</div>`;
}
