// What is known of a batch, in the words that `npm run batches -- show` has, too.
import { html } from 'hono/html';
import type { Fact } from '../../../views/account.ts';
import type { Table } from '../../../views/table.ts';
import { dataTable, type Html } from './parts.ts';

/** The facts as a list; alarms stand out. */
export function factList(facts: readonly Fact[]): Html {
  return html`<ul class="facts">${facts.map(factItem)}</ul>`;
}

function factItem({ name, says, isSentence, isAlarm, below = [], table }: Fact): Html {
  const head = name === null ? '' : html`<strong>${name}${isSentence ? '' : ':'}</strong> `;
  return html`<li${isAlarm ? html` class="alarm"` : ''}>${head}<bdi>${says}</bdi>
${below.length === 0 ? '' : html`<ul>${below.map((line) => html`<li><bdi>${line.replace(/^- /, '')}</bdi></li>`)}</ul>`}
${table === undefined || table.rows.length === 0 ? '' : factTable(name ?? '', table)}</li>
`;
}

/** A table of the account's. */
export function factTable(caption: string, { heads, rows }: Table): Html {
  return dataTable(
    caption,
    heads.map(({ head }, index) => ({ head, isNumber: typeof rows[0]?.[index] === 'number' })),
    rows,
  );
}
