// One batch's page: what happened, the picture, the customers, the rows, the audit trail. Behind a filter or a page of rows, the
// rows alone: the rest would be counted again for each of a thousand pages.
import { html } from 'hono/html';
import { shortId } from '../../../domain/batch.ts';
import type { Batch } from '../../../domain/plan.ts';
import { incidentsIn } from '../../../slack/blocks/reason.ts';
import type { Account } from '../../../views/account.ts';
import type { Timeline } from '../../../views/timeline.ts';
import { type CustomersView, customersSection } from './customers.ts';
import { factList } from './facts.ts';
import { BATCHES_PATH, statusBadge } from './list.ts';
import type { Html } from './parts.ts';
import { type RowsView, rowsSection } from './rows.ts';
import { timelineSection } from './timeline.ts';
import { type TrailView, trailSection } from './trail.ts';

export type HeadView = {
  readonly batch: Batch;
  /** Its message in Slack; null where there is none, or Slack has not said where. */
  readonly slackLink: string | null;
  /** Where the key of an incident leads, with `{key}` in it; null where nobody has said. */
  readonly incidentUrl: string | null;
};

export type WholeView = HeadView & {
  readonly account: Account;
  readonly timeline: Timeline | null;
  readonly customers: CustomersView;
  readonly rows: RowsView;
  readonly trail: TrailView;
};

/** Everything about a batch. */
export function batchPage({ account, timeline, customers, rows, trail, ...head }: WholeView): Html {
  return html`${account.wrong === null ? '' : html`<p class="alarm" role="alert">${account.wrong}</p>`}
${heading(head)}
<nav aria-label="On this page"><ul class="choices">
${timeline === null ? '' : html`<li><a href="#picture">Failures over time</a></li>`}
${customers.customers.length === 0 ? '' : html`<li><a href="#customers">Customers</a></li>`}
<li><a href="#rows">Rows</a></li>
<li><a href="#trail">Audit trail</a></li>
</ul></nav>
<section aria-labelledby="facts"><h2 id="facts">What happened</h2>
${factList(account.facts)}
</section>
${timeline === null ? '' : timelineSection(timeline)}
${customersSection(customers)}
${rowsSection(rows)}
${trailSection(trail)}`;
}

/** A page of its rows. */
export function batchRowsPage({ rows, ...head }: HeadView & { readonly rows: RowsView }): Html {
  return html`${heading(head)}
${back(head.batch)}
${rowsSection(rows)}`;
}

/** A page of its audit trail. */
export function batchTrailPage({ trail, ...head }: HeadView & { readonly trail: TrailView }): Html {
  return html`${heading(head)}
${back(head.batch)}
${trailSection(trail)}`;
}

function heading({ batch, slackLink, incidentUrl }: HeadView): Html {
  const { reason } = batch.request;
  const incidents = reason === null || incidentUrl === null ? [] : incidentsIn(reason, incidentUrl, 200);
  const links = [
    ...(slackLink === null ? [] : [{ words: 'Its message in Slack', to: slackLink }]),
    ...incidents.map(({ key, address }) => ({ words: key, to: address })),
  ];
  return html`<h1>Batch ${shortId(batch.id)} ${statusBadge(batch.status)}</h1>
${links.length === 0 ? '' : html`<ul class="choices">${links.map(({ words, to }) => html`<li><a href="${to}" rel="noreferrer">${words}</a></li>\n`)}</ul>`}`;
}

function back({ id }: Batch): Html {
  return html`<p><a href="${BATCHES_PATH}/${id}">Everything about this batch</a></p>`;
}
