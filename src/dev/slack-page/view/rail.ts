// Beside the channel, and plainly not Slack: what the database says, what reached customers, how the bot does.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Figure, Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';
import { ofReplays, replayedIn } from './application.ts';
import { fixHtml } from './fix.ts';
import { acknowledgements } from './traffic.ts';

const grouped = new Intl.NumberFormat('en-US');

function figure({ label, value, before }: Figure): Html {
  const change = before === undefined ? 0 : value - before;
  const sign = change > 0 ? '+' : '−';
  const words =
    change === 0
      ? undefined
      : html`<span class="figure__change">${sign}${grouped.format(Math.abs(change))}</span>`;
  return html`<div class="figure"><dt>${label}</dt><dd data-figure="${label}">${words}<span class="figure__value">${grouped.format(value)}</span></dd></div>`;
}

const plain = (label: string, value: string | number): Html =>
  html`<div class="figure"><dt>${label}</dt><dd data-figure="${label}"><span class="figure__value">${value}</span></dd></div>`;

function database(outside: Outside): Html | undefined {
  const figures = outside.figures?.();
  if (!figures) return undefined;
  return html`<section class="card" aria-label="What the database says"><h3>What the database says</h3><dl>${figures.map(figure)}</dl>${outside.reset && html`<button type="button" class="btn" data-act="reset">Reset incident</button>`}</section>`;
}

function customers({ customers: told }: Outside): Html | undefined {
  if (!told) return undefined;
  return html`<section class="card" aria-label="What reached customers"><h3>What reached customers</h3><dl>${plain('Webhooks', told.webhooks().length)}${plain('E-mails', told.mails().length)}</dl><button type="button" class="btn" data-act="panel" data-panel="customers">Open CRM and mailbox</button></section>`;
}

function application({ application: there }: Outside): Html | undefined {
  if (!there) return undefined;
  const calls = ofReplays(there.calls());
  return html`<section class="card" aria-label="The application"><h3>The application</h3><dl>${plain('Calls that replay', calls.length)}${plain(
    'Rows it replayed',
    calls.reduce((sum, call) => sum + replayedIn(call), 0),
  )}</dl><button type="button" class="btn" data-act="panel" data-panel="application">Calls and bad days</button></section>`;
}

function developer(slack: LocalSlack, outside: Outside): Html {
  const { latest, slowest, failed } = acknowledgements(slack);
  const faults = slack.activeFaults().length;
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value} ms`);
  const fire =
    outside.executions &&
    html`<button type="button" class="btn" data-act="panel" data-panel="executions">Fire an execution</button>`;
  const mend =
    outside.causes &&
    html`<button type="button" class="btn" data-act="panel" data-panel="causes">Mend the cause</button>`;
  return html`<section class="card" aria-label="For developers"><h3>For developers</h3><dl>${plain('Latest acknowledgement', ms(latest))}${plain('Slowest', ms(slowest))}${plain('Not acknowledged', failed)}${plain('Faults on', faults)}</dl><button type="button" class="btn" data-act="panel" data-panel="traffic">Traffic</button> <button type="button" class="btn" data-act="panel" data-panel="faults">Faults</button> ${fire} ${mend}</section>`;
}

/** Cookies are a host's, whatever the port: where the bot has signed somebody in, this page is sent the session as well. */
function browser({ browser: pages }: Outside, session: string | undefined): Html | undefined {
  if (!pages) return undefined;
  const links = html`<a class="btn" href="${pages.signIn()}" target="_blank">${session === undefined ? 'Sign in' : 'Sign in as somebody else'}</a> <a class="btn" href="${pages.batches()}" target="_blank">Batches</a>`;
  const curl =
    session !== undefined &&
    html`<p class="quiet" id="curl-label">This browser's session, for the runbook's call:</p><pre class="curl" tabindex="0" role="region" aria-labelledby="curl-label">${pages.curl(session)}</pre>`;
  return html`<section class="card" aria-label="In the browser"><h3>In the browser</h3>${links}${curl}</section>`;
}

/** All of it; `session` is the bot's, where this browser has one. */
export const railHtml = (slack: LocalSlack, outside: Outside, session?: string): Html =>
  html`<p class="rail__title">Outside Slack</p>${database(outside)}${fixHtml(outside)}${browser(outside, session)}${application(outside)}${customers(outside)}${developer(slack, outside)}`;
