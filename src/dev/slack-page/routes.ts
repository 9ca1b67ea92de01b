// The page's routes on the local Slack's own server. Another web page gets nothing from them, and the page itself
// may load nothing from elsewhere.

import { bodyOf, type Exchange, sendJson, sendText } from '../slack/http/exchange.ts';
import { isForeignPage } from '../slack/http/foreign-page.ts';
import type { ExtraRoute } from '../slack/http/server.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { isRecord } from '../slack/validation/walk.ts';
import { assetAt } from './assets.ts';
import { streamTicks } from './live.ts';
import type { Outside } from './outside.ts';
import { own } from './render/context.ts';
import { VERBS } from './verbs.ts';
import { type PageState, pageView } from './view/page-view.ts';
import { createReads } from './view/reads.ts';
import { createSeenBlocks } from './view/seen-blocks.ts';
import { shellHtml } from './view/shell.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function view(state: PageState, { url: { searchParams: query }, request }: Exchange): unknown {
  const session = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const maybe = (name: string): Record<string, string> => {
    const value = query.get(name);
    return value ? { [name]: value } : {};
  };
  return pageView(state, {
    as: query.get('as') ?? '',
    channel: query.get('channel') ?? '',
    ...maybe('thread'),
    ...maybe('panel'),
    ...maybe('tab'),
    ...maybe('newAfter'),
    ...maybe('threadNewAfter'),
    ...(session === undefined ? {} : { session }),
  });
}

async function look(state: PageState, exchange: Exchange, path: string): Promise<boolean> {
  if (path === 'view') sendJson(exchange, 200, view(state, exchange));
  else if (path === 'commands') sendJson(exchange, 200, state.slack.commands());
  else if (path === 'events') streamTicks(state.slack, state.outside, exchange);
  else {
    const asset = await assetAt(path);
    if (!asset) return false;
    exchange.response.setHeader('cache-control', 'no-cache');
    sendText(exchange, 200, asset.body, asset.type);
  }
  return true;
}

async function run(state: PageState, exchange: Exchange, path: string): Promise<boolean> {
  const verb = own(VERBS, path);
  if (!verb) return false;
  const body: unknown = JSON.parse((await bodyOf(exchange)).toString('utf8') || '{}');
  sendJson(exchange, 200, (await verb(state, isRecord(body) ? body : {})) ?? {});
  return true;
}

const PERMALINK = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/;

/** A message's address leads to the page, to that message in its channel or thread. */
function toMessage({ url, response }: Exchange, pathname: string): boolean {
  const [, channel = '', seconds = '', micros = ''] = PERMALINK.exec(pathname) ?? [];
  if (channel === '') return false;
  const thread = url.searchParams.get('thread_ts');
  const query = new URLSearchParams({ channel, ...(thread ? { thread } : {}), at: `${seconds}.${micros}` });
  response.writeHead(302, { location: `/?${query}` });
  response.end();
  return true;
}

async function answer(state: PageState, exchange: Exchange): Promise<boolean> {
  const { pathname } = exchange.url;
  const { method } = exchange.request;
  if (pathname === '/' && method === 'GET') {
    exchange.response.setHeader('content-security-policy', POLICY);
    sendText(
      exchange,
      200,
      shellHtml(state.slack.team.name, state.outside.application !== undefined),
      'text/html; charset=utf-8',
    );
    return true;
  }
  if (pathname.startsWith('/archives/') && method === 'GET') return toMessage(exchange, pathname);
  if (!pathname.startsWith('/page/')) return false;
  const path = pathname.slice('/page/'.length);
  return method === 'POST' ? run(state, exchange, path) : look(state, exchange, path);
}

/** The page of one local Slack; `slackOf` is asked late, since the routes are there before it. */
export function pageRoutes(slackOf: () => LocalSlack, outside: Outside = {}): ExtraRoute {
  const reads = createReads();
  const seen = createSeenBlocks();
  return async (exchange) => {
    const mine = exchange.url.pathname === '/' || /^\/(page|archives)\//.test(exchange.url.pathname);
    if (!mine) return false;
    try {
      if (isForeignPage(exchange)) throw new Error('this comes from another site');
      return await answer({ slack: slackOf(), outside, reads, seen }, exchange);
    } catch (error) {
      sendJson(exchange, 400, { ok: false, error: error instanceof Error ? error.message : String(error) });
      return true;
    }
  };
}
