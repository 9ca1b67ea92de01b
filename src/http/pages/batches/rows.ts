// The rows of a batch on its page: the filter, a hundred rows, and where the others are.
import { html } from 'hono/html';
import { type BatchRow, isFiltered, OUTCOMES, type RowFilter } from '../../../domain/batch-row.ts';
import { formatInstant } from '../../../domain/instant.ts';
import { FILTER_OF, isSkipReason, SKIP_REASONS } from '../../../domain/skip-filters.ts';
import { count, counted } from '../../../slack/blocks/figures.ts';
import { BATCHES_PATH } from './list.ts';
import { address, data, dataTable, type Html, linkOr, longData } from './parts.ts';
import { filterFields } from './query.ts';

export type RowsView = {
  readonly batchId: string;
  readonly filter: RowFilter;
  readonly rows: readonly BatchRow[];
  /** How many rows pass the filter. */
  readonly all: number;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  /** Its lists are gone. */
  readonly isPruned: boolean;
  /** It may still run: what has not been reached has not been reached yet. */
  readonly isOpen: boolean;
};

const COLUMNS = [
  { head: 'no.', isNumber: true },
  { head: 'outcome' },
  { head: 'why' },
  { head: 'customer' },
  { head: 'workflow' },
  { head: 'failed at' },
  { head: 'error' },
  { head: 'execution' },
];

/** The section of the rows. */
export function rowsSection(view: RowsView): Html {
  const { batchId, filter, rows, all, isPruned } = view;
  const heading = html`<h2 id="rows">Rows</h2>`;
  if (isPruned)
    return html`<section aria-labelledby="rows">${heading}<p>The lists of this batch are gone; its audit trail stays.</p></section>`;
  const said = isFiltered(filter)
    ? `${counted(all, 'row')} of this batch pass the filter`
    : counted(all, 'row');
  const file = address(`${BATCHES_PATH}/${batchId}/rows.csv`, filterFields(filter));
  return html`<section aria-labelledby="rows">${heading}
${filterForm(batchId, filter)}
<p>${said}. ${all === 0 ? '' : html`<a href="${file}">All of them as CSV</a>`}</p>
${
  rows.length === 0
    ? html`<p>No row to show.</p>`
    : dataTable(
        captionOf(rows),
        COLUMNS,
        rows.map((row) => rowOf(row, view)),
      )
}
${pages(view)}
</section>`;
}

function captionOf(rows: readonly BatchRow[]): string {
  return `Rows ${count(rows[0]?.position ?? 0)} to ${count(rows.at(-1)?.position ?? 0)}, by their number in the plan`;
}

function filterForm(batchId: string, filter: RowFilter): Html {
  const { vendor, text, reason } = filterFields(filter);
  const reasons =
    typeof reason === 'string' && !isSkipReason(reason) ? [...SKIP_REASONS, reason] : SKIP_REASONS;
  return html`<form method="get" action="${BATCHES_PATH}/${batchId}#rows" class="filter">
<p><label for="outcome">Outcome</label> ${choice('outcome', OUTCOMES, filter.outcome)}</p>
<p><label for="reason">Reason</label> ${choice('reason', reasons, filter.reason)}</p>
<p><label for="vendor">Customer, by number or name</label> <input id="vendor" name="vendor" maxlength="500" value="${vendor ?? ''}"></p>
<p><label for="text">Text in error, detail or ids</label> <input id="text" name="text" maxlength="500" value="${text ?? ''}"></p>
<p><button>Filter</button>${isFiltered(filter) ? html` <a href="${BATCHES_PATH}/${batchId}#rows">All rows</a>` : ''}</p>
</form>`;
}

function choice(name: string, values: readonly string[], chosen: string | null): Html {
  return html`<select id="${name}" name="${name}"><option value="">any</option>${values.map(
    (value) =>
      html`<option value="${value}"${value === chosen ? html` selected` : ''}>${value.replaceAll('_', ' ')}</option>`,
  )}</select>`;
}

function rowOf(row: BatchRow, view: RowsView) {
  return [
    row.position,
    html`<span class="outcome ${row.outcome}">${outcomeWords(row, view)}</span>`,
    whyOf(row),
    html`${data(row.vendorName, 80)} (${row.vendorId})`,
    data(row.rampName, 80),
    html`<span class="at">${formatInstant(row.createdAt).replace('T', ' ')}</span>`,
    errorOf(row),
    html`<code>${row.executionUuid}</code>${row.projectUuid === null ? '' : html`<br>project <code>${row.projectUuid}</code>`}`,
  ];
}

function outcomeWords({ outcome, held }: BatchRow, { isOpen }: RowsView): string {
  if (held) return 'held';
  if (outcome === 'not_reached') return isOpen ? 'not yet' : 'not reached';
  return outcome;
}

function whyOf({ reason, detail }: BatchRow): Html {
  if (reason === null) return longData(detail);
  const remedy = isSkipReason(reason)
    ? html`<br><span class="remedy">${FILTER_OF[reason].remedy}</span>`
    : '';
  return html`${isSkipReason(reason) ? html`<code>${reason}</code>` : data(reason, 60)} ${longData(detail)}${remedy}`;
}

function errorOf(row: BatchRow): Html {
  const first = longData(errorText(row.errorType, row.errorMessage));
  const again = errorText(row.replayErrorType, row.replayErrorMessage);
  return again === null
    ? first
    : html`${first}<br><span class="remedy">its replay:</span> ${longData(again)}`;
}

function errorText(type: string | null, message: string | null): string | null {
  return type === null && message === null
    ? null
    : [type, message].filter((part) => part !== null).join(': ');
}

function pages({ batchId, filter, rows, hasPrevious, hasNext }: RowsView): Html {
  const to = (query: Readonly<Record<string, string | number | null>>) =>
    `${address(`${BATCHES_PATH}/${batchId}`, { ...filterFields(filter), ...query })}#rows`;
  const [first, last] = [rows[0]?.position ?? 0, rows.at(-1)?.position ?? 0];
  return html`<nav aria-label="Pages of rows" class="pages">
${linkOr('First', hasPrevious ? to({ after: 0 }) : null)}
${linkOr('Previous', hasPrevious ? to({ before: first }) : null, 'prev')}
${linkOr('Next', hasNext ? to({ after: last }) : null, 'next')}
${linkOr('Last', hasNext ? to({ last: '' }) : null)}
</nav>`;
}
