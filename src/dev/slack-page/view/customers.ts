// What would have reached customers: each webhook at its CRM, each e-mail in its mailbox.
import type { Mail, Outside, Webhook } from '../outside.ts';
import { type Html, html } from '../render/html.ts';

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

const SIGNATURES = { good: '✓ signature checked', bad: '✗ wrong signature', none: 'unsigned' } as const;

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function project(body: string): string {
  try {
    const { data } = JSON.parse(body) as { data?: { name?: unknown } };
    return typeof data?.name === 'string' ? data.name : '';
  } catch {
    return '';
  }
}

function webhook(one: Webhook, n: number): Html {
  const state = one.repeated
    ? html`<span class="pill">same id again: taken once</span>`
    : html`<span class="pill ${one.signature === 'good' ? 'pill--good' : 'pill--bad'}">${SIGNATURES[one.signature]}</span>`;
  return html`<details class="traffic__row" data-key="hook-${n}"><summary><span class="traffic__at">${clock(one.at)}</span><span class="traffic__what"><strong>${one.vendor}</strong> ${project(one.body)}</span>${state}</summary><pre>POST ${one.path}\nwebhook-id: ${one.id}\n\n${pretty(one.body)}</pre></details>`;
}

function mail(one: Mail, n: number): Html {
  return html`<details class="traffic__row" data-key="mail-${n}"><summary><span class="traffic__at">${clock(one.at)}</span><span class="traffic__what"><strong>${one.to}</strong> ${one.subject}</span></summary><pre>From: ${one.from}\nTo: ${one.to}\nSubject: ${one.subject}\n\n${one.text}</pre></details>`;
}

const newestFirst = <T>(all: readonly T[], draw: (one: T, n: number) => Html): Html[] =>
  all.map((one, n) => draw(one, n)).reverse();

const nothing = (what: string): Html => html`<p class="quiet">No ${what} has reached any customer.</p>`;

/** The two inboxes side by side. */
export function customersHtml({ customers }: Outside): Html {
  if (!customers) return html`<p class="quiet">Nothing is received here.</p>`;
  const webhooks = customers.webhooks();
  const mails = customers.mails();
  return html`<div class="columns"><section aria-label="CRM"><h3>CRM: ${webhooks.length} webhooks</h3>${webhooks.length === 0 ? nothing('webhook') : newestFirst(webhooks, webhook)}</section><section aria-label="Mailbox"><h3>Mailbox: ${mails.length} e-mails</h3>${mails.length === 0 ? nothing('e-mail') : newestFirst(mails, mail)}</section></div>`;
}
