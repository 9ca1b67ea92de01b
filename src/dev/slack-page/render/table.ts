// table and data_table: a table that scrolls by itself, so that the message around it doesn't.
import { type Json, listOf, type RenderContext, textOf } from './context.ts';
import { type Html, html } from './html.ts';
import { richText } from './rich-text.ts';

const rowsOf = (block: Json): Json[][] => (Array.isArray(block.rows) ? block.rows.map(listOf) : []);

function cell(context: RenderContext, one: Json): Html {
  if (one.type === 'rich_text') return richText(context, one);
  return html`${textOf(one.text ?? one.value)}`;
}

const isNumber = (one: Json): boolean => one.type === 'raw_number';

/** A table with its settings of each column: alignment, and whether long text wraps. */
export function table(context: RenderContext, block: Json): Html {
  const [head = [], ...body] = rowsOf(block);
  const settings = listOf(block.column_settings);
  const css = (column: number, one: Json): string => {
    const { align, is_wrapped } = settings[column] ?? {};
    const side = align === 'right' || align === 'center' ? align : isNumber(one) ? 'right' : 'left';
    return `cell cell--${side}${is_wrapped === true ? ' cell--wrapped' : ''}`;
  };
  return html`<div class="table-box" role="region" tabindex="0" aria-label="Table with ${body.length} rows"><table class="blocks-table">
<thead><tr>${head.map((one, n) => html`<th scope="col" class="${css(n, one)}">${cell(context, one)}</th>`)}</tr></thead>
<tbody>${body.map((row) => html`<tr>${row.map((one, n) => html`<td class="${css(n, one)}">${cell(context, one)}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** A table with a caption, of which Slack shows a page at a time. Here the pages scroll. */
export function dataTable(context: RenderContext, block: Json): Html {
  const [head = [], ...body] = rowsOf(block);
  const headerColumn = Number(block.row_header_column_index ?? -1);
  const shown = Number(block.page_size ?? 5);
  const data = (one: Json, n: number): Html =>
    n === headerColumn
      ? html`<th scope="row" class="cell">${cell(context, one)}</th>`
      : html`<td class="cell cell--${isNumber(one) ? 'right' : 'left'}">${cell(context, one)}</td>`;
  return html`<div class="table-box table-box--paged" role="region" tabindex="0" aria-label="${textOf(block.caption)}" data-rows="${Math.min(20, shown)}"><table class="blocks-table">
<caption>${textOf(block.caption)} <span class="quiet">${body.length} rows</span></caption>
<thead><tr>${head.map((one) => html`<th scope="col" class="cell cell--${isNumber(one) ? 'right' : 'left'}">${cell(context, one)}</th>`)}</tr></thead>
<tbody>${body.map((row) => html`<tr>${row.map(data)}</tr>`)}</tbody>
</table></div>`;
}
