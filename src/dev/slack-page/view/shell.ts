// The page's frame. Everything that changes is a region, filled and patched by the page's script; what a person
// types into stands outside of the regions, so that no update touches it.
import { type Html, html } from '../render/html.ts';

const STYLES = [
  'fonts',
  'colours',
  'layout',
  'sidebar',
  'composer',
  'message',
  'faces',
  'files',
  'controls',
  'blocks',
  'inputs',
  'outside',
  'phone',
];

const composer = (
  id: string,
  label: string,
): Html => html`<form class="composer" id="${id}-composer" data-composer="${id}">
<ul class="completion" id="${id}-completion" role="listbox" aria-label="Commands" hidden></ul>
<div class="composer__hint" id="${id}-hint" hidden></div>
<div class="composer__note" id="${id}-note" role="status"></div>
<div class="composer__box">${id === 'main' && html`<div class="composer__tools" data-region="shortcuts"></div>`}<textarea id="${id}-text" rows="1" aria-label="${label}" placeholder="${label}" aria-haspopup="listbox" aria-autocomplete="list" aria-controls="${id}-completion" autocomplete="off" spellcheck="false"></textarea><button type="submit" class="send" aria-label="Send"><span aria-hidden="true">➤</span></button></div></form>`;

/** Says that something came while one reads further up. */
const pill = (of: string): Html =>
  html`<div class="pill-box"><button type="button" class="pill-new" id="${of}-new" data-act="to-end" data-of="${of}" hidden>↓ New messages</button></div>`;

const PANELS = [
  ['traffic', 'Traffic'],
  ['faults', 'Faults'],
  ['customers', 'CRM and mailbox'],
  ['executions', 'Executions'],
  ['causes', 'Causes'],
] as const;

const APPLICATION = ['application', 'Application'] as const;

const drawer = (
  panels: readonly (readonly [id: string, label: string])[],
): Html => html`<section class="drawer" id="drawer" aria-label="Outside Slack" hidden>
<header class="drawer__head"><div class="tabs" role="tablist" aria-label="Outside Slack">${panels.map(([id, label]) => html`<button type="button" role="tab" id="tab-${id}" class="tab" data-act="panel" data-panel="${id}" aria-controls="panel" aria-selected="false">${label}</button>`)}</div><button type="button" class="tool" data-act="close-panel" aria-label="Close the drawer">✕</button></header>
<div class="drawer__body" id="panel" role="tabpanel" tabindex="0" data-region="panel" aria-label="Outside Slack"></div></section>`;

/** The document; with a panel for the application where one makes the replays. */
export const shellHtml = (team: string, hasApplication: boolean): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${team}</title>
<link rel="icon" href="data:,">${STYLES.map((name) => html`<link rel="stylesheet" href="/page/style/${name}.css">`)}
<script type="module" src="/page/app/main.ts"></script></head>
<body><a class="skip" href="#main-text">Skip to the message box</a>
<header class="top"><button type="button" class="top__btn top__menu" data-act="menu" aria-expanded="false" aria-controls="sidebar" aria-label="Channels and people">☰</button><span class="top__team">${team}</span><span class="top__note">A local stand-in for Slack</span><span class="top__live" id="starting-over" role="status"></span><span class="top__live" id="live" role="status"></span><button type="button" class="top__btn" data-act="theme" id="theme">Theme: system</button><button type="button" class="top__btn top__rail" data-act="rail" aria-expanded="false" aria-controls="rail">Outside Slack</button></header>
<div class="app" id="app">
<nav class="sidebar" id="sidebar" data-region="sidebar" aria-label="Channels and people"></nav>
<main class="main" aria-label="Channel"><header class="main__head" data-region="channel"></header>
<div class="scroller" id="messages" role="log" aria-label="Messages" tabindex="0" data-region="messages"></div>${pill('messages')}${composer('main', 'Message the channel')}</main>
<aside class="thread" id="thread" aria-label="Thread" hidden><header class="thread__head"><h2>Thread</h2><button type="button" class="tool" data-act="close-thread" aria-label="Close the thread">✕</button></header><div class="scroller" id="replies" role="log" aria-label="Replies" tabindex="0" data-region="thread"></div>${pill('replies')}${composer('reply', 'Reply…')}</aside>
<aside class="rail" id="rail" data-region="rail" aria-label="Outside Slack"></aside>
</div>${drawer(hasApplication ? [...PANELS, APPLICATION] : PANELS)}
<dialog class="modal" id="modal" data-region="modal" aria-labelledby="modal-title"></dialog>
<dialog class="modal modal--confirm" id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text"></dialog>
<div class="toasts" id="toasts" role="status" aria-live="polite"></div></body></html>`.markup;
