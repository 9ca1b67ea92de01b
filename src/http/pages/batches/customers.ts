// Customers as bars: what each lacked before the run, and what is still missing.
import { html } from 'hono/html';
import type { CustomerFigures } from '../../../domain/customers.ts';
import { count, counted } from '../../../slack/blocks/figures.ts';
import type { Fact } from '../../../views/account.ts';
import { shown } from '../../../views/words.ts';
import { factList } from './facts.ts';
import { dataTable, type Html } from './parts.ts';

/** So many customers have their figures on the page. */
const MOST_ROWS = 100;

export type CustomersView = {
  readonly customers: readonly CustomerFigures[];
  /** There are more than these. */
  readonly isMore: boolean;
  /** What the command says of them, too. */
  readonly facts: readonly Fact[];
  /** Its run has begun: there is an "after". */
  readonly hasRun: boolean;
  /** Which rows the bars are of, and what is said of the others; null where they are of all eligible ones. */
  readonly part: { readonly of: string; readonly others: string } | null;
};

/** The section of the customers; nothing where no customer has an eligible row. */
export function customersSection({ customers, isMore, hasRun, facts, part }: CustomersView): Html {
  if (customers.length === 0) return facts.length === 0 ? html`` : factList(facts.map(shortened));
  const most = Math.max(...customers.map(({ eligible }) => eligible));
  const columns = [{ head: 'customer' }, { head: 'before' }, ...(hasRun ? [{ head: 'after' }] : [])];
  const of = part?.of ?? `the rows that ${hasRun ? 'were' : 'are'} to be replayed`;
  return html`<section aria-labelledby="customers"><h2 id="customers">Customers</h2>
<p>Projects that are missing, of ${of}: before the run${hasRun ? ' and now' : ''}.${part === null ? '' : ` ${part.others}`}</p>
<div class="customers">${dataTable(
    isMore
      ? `The ${counted(customers.length, 'customer')} with the most`
      : counted(customers.length, 'customer'),
    columns,
    customers.map((one) => [
      `${shown(one.name, 80)} (${one.vendorId})`,
      bar(one.eligible, most, 'before'),
      ...(hasRun ? [bar(one.missing, most, 'after')] : []),
    ]),
  )}</div>
<details><summary>Figures, and a text for support</summary>${factList(facts.map(shortened))}</details></section>`;
}

function shortened(fact: Fact): Fact {
  if (fact.table === undefined || fact.table.rows.length <= MOST_ROWS) return fact;
  const more = `Here are the first ${MOST_ROWS}; npm run batches -- show has all of them.`;
  return { ...fact, below: [more], table: { ...fact.table, rows: fact.table.rows.slice(0, MOST_ROWS) } };
}

function bar(value: number, most: number, which: 'before' | 'after'): Html {
  const width = most === 0 ? 0 : Math.max(value > 0 ? 0.5 : 0, (value / most) * 100);
  return html`<span class="figure">${count(value)}</span> <svg class="bar ${which}" aria-hidden="true" focusable="false"><rect width="${width.toFixed(2)}%" height="100%" rx="2"></rect></svg>`;
}
