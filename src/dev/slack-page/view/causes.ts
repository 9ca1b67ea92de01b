// The causes for which replays fail, each with a button that mends it: then Retry held can succeed.
import type { Cause, Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';

const item = ({ value, label, remedy }: Cause): Html =>
  html`<li class="fault" data-key="${value}"><button type="submit" class="btn" name="cause" value="${value}" aria-label="Mend: ${label}">Mend</button> <strong>${label}</strong> <span class="quiet">${remedy}</span></li>`;

/** One button for each. */
export function causesHtml({ causes }: Outside): Html {
  if (!causes) return html`<p class="quiet">There is nothing to mend here.</p>`;
  return html`<form data-form="mend" data-key="mend"><p class="quiet">What a customer or a colleague would do before the rest is replayed.</p><ul class="faults">${causes.all.map(item)}</ul><p role="status" class="fire__said"></p></form>`;
}
