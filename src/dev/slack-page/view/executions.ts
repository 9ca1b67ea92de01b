// The form that fires a workflow execution, as OnRamp would while a plan is open.
import type { Choice, Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';

const options = (all: readonly Choice[]): Html[] =>
  all.map(({ value, label }) => html`<option value="${value}">${label}</option>`);

/** Which outcome, and when it is said to have begun. */
export function executionsHtml({ executions }: Outside): Html {
  if (!executions) return html`<p class="quiet">There is no workflow engine here.</p>`;
  return html`<form class="fire" data-form="fire" data-key="fire"><p class="quiet">A trigger arrives and OnRamp runs its workflow. What fails after a dry run is not in its plan; the message says so.</p><label>It <select class="select" name="outcome">${options(executions.outcomes)}</select></label> <label>and began <select class="select" name="time">${options(executions.times)}</select></label> <button type="submit" class="btn btn--primary">Fire it</button><p role="status" class="fire__said"></p></form>`;
}
