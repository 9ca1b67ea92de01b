// The list of batches: newest first, by status, fifty a page.
import { html } from 'hono/html';
import { BATCH_STATUSES, type BatchStatus, shortId } from '../../../domain/batch.ts';
import type { Tally } from '../../../domain/outcome.ts';
import type { Batch } from '../../../domain/plan.ts';
import { customersInWords } from '../../../views/customers.ts';
import { actorWords, minute } from '../../../views/words.ts';
import { address, data, dataTable, type Html, linkOr } from './parts.ts';

export const BATCHES_PATH = '/batches';

export type ListView = {
  readonly status: BatchStatus | null;
  readonly isFirst: boolean;
  readonly batches: readonly { readonly batch: Batch; readonly closing: Tally | null }[];
  /** Behind which batch the next page begins; null on the last one. */
  readonly next: string | null;
};

const COLUMNS = [
  { head: 'batch', isShort: true },
  { head: 'status' },
  { head: 'asked', isShort: true },
  ...['matched', 'eligible', 'succeeded', 'failed', 'not reached'].map((head) => ({ head, isNumber: true })),
  { head: 'customers' },
  { head: 'for' },
  { head: 'asked by' },
];

/** What stands in the list's page. */
export function listPage({ status, isFirst, batches, next }: ListView): Html {
  return html`<h1>Batches</h1>
${statusLinks(status)}
${batches.length === 0 ? html`<p>${emptyWords(status, isFirst)}</p>` : dataTable(captionOf(status), COLUMNS, batches.map(rowOf))}
<nav aria-label="Pages" class="pages">
${linkOr('Newest', isFirst ? null : address(BATCHES_PATH, { status }))}
${linkOr('Older', next === null ? null : address(BATCHES_PATH, { status, after: next }), 'next')}
</nav>`;
}

function captionOf(status: BatchStatus | null): string {
  return status === null ? 'Batches, the newest first' : `Batches that are ${status}, the newest first`;
}

function emptyWords(status: BatchStatus | null, isFirst: boolean): string {
  if (!isFirst) return 'There are no older ones.';
  return status === null
    ? 'There is no batch yet. Ask for a dry run in Slack with /retry-batch.'
    : `No batch is ${status} now.`;
}

function statusLinks(status: BatchStatus | null): Html {
  const one = (words: string, to: string, isHere: boolean) =>
    html`<li><a href="${to}"${isHere ? html` aria-current="page"` : ''}>${words}</a></li>\n`;
  return html`<nav aria-label="By status"><ul class="choices">
${one('all', BATCHES_PATH, status === null)}${BATCH_STATUSES.map((each) => one(each, address(BATCHES_PATH, { status: each }), each === status))}</ul></nav>`;
}

function rowOf({ batch, closing }: ListView['batches'][number]) {
  const { summary, request } = batch;
  return [
    html`<a href="${BATCHES_PATH}/${batch.id}">${shortId(batch.id)}</a>`,
    statusBadge(batch.status),
    minute(batch.requestedAt),
    summary.matched,
    summary.eligible,
    closing?.succeeded ?? null,
    closing?.failed ?? null,
    closing?.notReached ?? null,
    customersInWords(batch),
    data(request.reason, 80),
    actorWords(batch.requestedBy),
  ];
}

/** A batch's status as it is shown beside its name. */
export function statusBadge(status: BatchStatus): Html {
  return html`<span class="status ${status}">${status}</span>`;
}
