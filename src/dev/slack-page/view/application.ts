// What the application's endpoint was asked and did: its calls, and the bad days that can be ordered of it.
import type { ApplicationPanel, EndpointCall, Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';

const MOST = 120;
const LONGEST = 20_000;

type Body = { readonly dry_run?: unknown; readonly execution_uuids?: unknown };

const bodyOf = ({ body }: EndpointCall): Body =>
  typeof body === 'object' && body !== null ? (body as Body) : {};

/** The calls that were no dry runs. */
export const ofReplays = (calls: readonly EndpointCall[]): EndpointCall[] =>
  calls.filter((call) => bodyOf(call).dry_run === false);

/** How many rows it replayed in the call, successfully or not. */
export const replayedIn = ({ rows }: EndpointCall): number =>
  rows.filter(({ outcome }) => outcome === 'success' || outcome === 'error').length;

const WORDS: Readonly<Record<string, string>> = {
  success: 'succeeded',
  error: 'failed',
  skipped: 'skipped',
  untouched: 'left alone',
};

function outcomes({ rows }: EndpointCall): string {
  return Object.entries(WORDS)
    .map(([outcome, word]) => ({ word, n: rows.filter((row) => row.outcome === outcome).length }))
    .filter(({ n }) => n > 0)
    .map(({ word, n }) => `${n} ${word}`)
    .join(', ');
}

function asked(call: EndpointCall): string {
  const { dry_run: dryRun, execution_uuids: uuids } = bodyOf(call);
  const n = Array.isArray(uuids) ? uuids.length : 0;
  return `${dryRun === false ? 'replay' : 'dry run'} of ${n} ${n === 1 ? 'row' : 'rows'}`;
}

/** Its answer in words, and whether it was one. */
function answered({ at, answer, answered_at: end, faults }: EndpointCall): { said: string; good: boolean } {
  if (answer === null) {
    const crashed = faults.includes('crash');
    return { said: crashed ? 'crashed' : 'at work…', good: !crashed };
  }
  const took = end === null ? '' : `, ${((Date.parse(end) - Date.parse(at)) / 1000).toFixed(1)} s`;
  return answer.kind === 'sent'
    ? { said: `${answer.status}${took}`, good: answer.status < 400 }
    : { said: `cut${took}`, good: false };
}

function details({ body, answer }: EndpointCall): string {
  const told = answer?.kind === 'sent' ? answer.body : 'none that arrived';
  const text = `asked: ${JSON.stringify(body, null, 2)}\n\nanswer: ${JSON.stringify(told, null, 2)}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function callHtml(call: EndpointCall): Html {
  const { said, good } = answered(call);
  // Of another status the answer itself tells.
  const faults = call.faults
    .filter((fault) => fault !== 'status')
    .map((fault) => html` <span class="pill pill--bad">${fault.replaceAll('_', ' ')}</span>`);
  return html`<details class="traffic__row" data-key="${call.id}"><summary><span class="traffic__at">${call.at.slice(11, 19)}</span><span class="traffic__what">${asked(call)} <span class="quiet">${outcomes(call)}</span>${faults}</span><span class="traffic__result ${good ? '' : 'bad'}">${said}</span></summary><pre>${details(call)}</pre></details>`;
}

function faultsHtml(panel: ApplicationPanel): Html {
  const item = ({ name, label, see, left }: ReturnType<ApplicationPanel['faults']>[number]): Html => {
    const state = left > 0 ? html`<span class="pill pill--bad">ordered · ${left} left</span>` : undefined;
    return html`<li class="fault" data-key="${name}"><button type="button" class="btn" data-act="application-fault" data-fault="${name}" aria-pressed="${String(left > 0)}">${label}</button> ${state}<span class="quiet">${see}</span></li>`;
  };
  return html`<ul class="faults">${panel.faults().map(item)}</ul>`;
}

/** Calls, the newest first, beside what can be ordered for the next ones. */
export function applicationHtml({ application }: Outside): Html {
  if (!application) return html`<p class="quiet">The bot makes its replays itself here.</p>`;
  const calls = application.calls().slice(-MOST).reverse();
  const list =
    calls.length === 0 ? html`<p class="quiet">It has not been called yet.</p>` : calls.map(callHtml);
  return html`<div class="columns"><section aria-label="Calls"><h3>Calls: ${calls.length}</h3>${list}</section><section aria-label="Bad days"><h3>Bad days</h3>${faultsHtml(application)}</section></div>`;
}
