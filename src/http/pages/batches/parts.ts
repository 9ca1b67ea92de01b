// What the pages of batches are put together from: text from outside, tables, links with their queries.
import { html } from 'hono/html';
import { count } from '../../../slack/blocks/figures.ts';
import type { Cell } from '../../../views/table.ts';
import { shown } from '../../../views/words.ts';

export type Html = ReturnType<typeof html>;

/** What a cell shows; text of ours or text that went through `shown` already. */
export type Shown = Cell | Html;

const SUMMARY = 160;

/** Text from outside: masked, cleaned, escaped, and kept from turning what stands beside it around. */
export function data(text: string | null, max = 200): Html {
  return text === null || text === '' ? html`` : html`<bdi>${shown(text, max)}</bdi>`;
}

/** The same where it may be long: its beginning, which opens. */
export function longData(text: string | null): Html {
  const all = text === null ? '' : shown(text);
  if (all.length <= SUMMARY) return all === '' ? html`` : html`<bdi>${all}</bdi>`;
  const head = shown(all, SUMMARY);
  return html`<details><summary><bdi>${head}</bdi></summary><bdi>${all}</bdi></details>`;
}

type Column = {
  readonly head: string;
  readonly isNumber?: boolean /** Stays on one line. */;
  readonly isShort?: boolean;
};

/**
 * A table that becomes cards on a phone. The roles say what the elements say already: where a style sheet lays them out
 * otherwise, browsers forget it.
 */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Shown[])[],
): Html {
  return html`<table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(headOf)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map((cell, index) => cellOf(cell, columns[index]))}</tr>\n`)}</tbody></table>`;
}

function headOf({ head, isNumber }: Column): Html {
  return html`<th role="columnheader" scope="col"${isNumber ? html` class="number"` : ''}>${head}</th>`;
}

function cellOf(cell: Shown, column: Column | undefined): Html {
  const isNumber = typeof cell === 'number' || column?.isNumber === true;
  const kind = isNumber ? 'number' : column?.isShort ? 'short' : null;
  const said =
    typeof cell === 'number' ? count(cell) : typeof cell === 'string' ? html`<bdi>${cell}</bdi>` : cell;
  return html`<td role="cell" data-head="${column?.head ?? ''}"${kind === null ? '' : html` class="${kind}"`}>${said}</td>`;
}

/** An address of this site's with its query; what is null is left out. */
export function address(path: string, query: Readonly<Record<string, string | number | null>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** A link; where it leads nowhere at the moment, its words. */
export function linkOr(words: string, to: string | null, rel?: 'next' | 'prev'): Html {
  if (to === null) return html`<span class="nowhere">${words}</span>`;
  return html`<a href="${to}"${rel === undefined ? '' : html` rel="${rel}"`}>${words}</a>`;
}
