// What went between Slack and the bot: requests, answers, and how long the bot took to acknowledge.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { DeliveryEntry, TrafficEntry } from '../../slack/traffic.ts';
import { type Html, html } from '../render/html.ts';

const MOST = 120;

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);

type Line = {
  readonly to: 'bot' | 'slack';
  readonly what: string;
  readonly result: string;
  readonly good: boolean;
};

function lineOf(entry: TrafficEntry): Line {
  if (entry.kind === 'delivery') {
    const ms = entry.msToAck === undefined ? '' : ` in ${entry.msToAck} ms`;
    const { outcome } = entry;
    const result = outcome === undefined ? 'waiting for the acknowledgement' : `${outcome}${ms}`;
    const again = entry.repeatOf === undefined ? '' : ' (again)';
    return {
      to: 'bot',
      what: `${entry.payload}${again}`,
      result,
      good: outcome === undefined || outcome === 'acknowledged',
    };
  }
  const answer = entry.answer as { ok?: unknown; error?: unknown } | undefined;
  const bad = entry.fault !== undefined || answer?.ok === false || (entry.status ?? 200) >= 400;
  const status = entry.status === undefined ? 'no answer' : String(entry.status);
  const error = typeof answer?.error === 'string' ? ` ${answer.error}` : '';
  const ms = entry.kind === 'api' && entry.durationMs !== undefined ? `, ${entry.durationMs} ms` : '';
  return {
    to: 'slack',
    what: entry.kind === 'api' ? entry.method : entry.kind,
    result: `${status}${error}${ms}`,
    good: !bad,
  };
}

/** The details without what the line itself says. */
function details(entry: TrafficEntry): string {
  const { id: _, at: __, kind: ___, ...rest } = entry;
  return JSON.stringify(rest, null, 2).slice(0, 20_000);
}

function row(entry: TrafficEntry): Html {
  const { to, what, result, good } = lineOf(entry);
  const arrow =
    to === 'bot' ? html`<span title="Slack → bot">→</span>` : html`<span title="bot → Slack">←</span>`;
  const fault = entry.fault && html` <span class="pill pill--bad">${entry.fault}</span>`;
  const who = entry.kind === 'delivery' ? html`<span class="quiet">${entry.user}</span>` : undefined;
  return html`<details class="traffic__row" data-key="${entry.id}"><summary><span class="traffic__at">${clock(entry.at)}</span><span class="traffic__arrow">${arrow}</span><span class="traffic__what">${what} ${who}${fault}</span><span class="traffic__result ${good ? '' : 'bad'}">${result}</span></summary><pre>${details(entry)}</pre></details>`;
}

/** The newest first. */
export function trafficHtml(slack: LocalSlack): Html {
  const entries = slack.traffic().slice(-MOST).reverse();
  if (entries.length === 0) return html`<p class="quiet">Nothing yet: type a command in the channel.</p>`;
  return html`<div class="traffic">${entries.map(row)}</div>`;
}

/** The slowest and the latest acknowledgement, for the rail. */
export function acknowledgements(slack: LocalSlack): { latest?: number; slowest?: number; failed: number } {
  const all = slack.traffic().filter((entry): entry is DeliveryEntry => entry.kind === 'delivery');
  const acked = all.filter((one) => one.outcome === 'acknowledged').flatMap((one) => one.msToAck ?? []);
  const failed = all.filter(
    (one) => one.outcome === 'operation_timeout' || one.outcome === 'dispatch_failed',
  ).length;
  const latest = acked.at(-1);
  return latest === undefined ? { failed } : { latest, slowest: Math.max(...acked), failed };
}
