// The bad days that the drawer can order, and what a person will see of each.
import type { FaultOrder } from '../../slack/faults.ts';
import type { LocalSlack } from '../../slack/local-slack.ts';
import { type Html, html } from '../render/html.ts';

type Preset = { readonly label: string; readonly order: FaultOrder; readonly see: string };

export const FAULTS: Readonly<Record<string, Preset>> = {
  down: {
    label: 'Slack down',
    order: { target: '*', kind: 'down' },
    see: 'Every call to Slack fails until this ends. Runs go on; the thread catches up afterwards.',
  },
  limited: {
    label: '429, three times',
    order: { target: '*', kind: '429', retryAfter: 2, times: 3 },
    see: 'Slack says "too many" to the next three calls, with two seconds to wait.',
  },
  lost_answer: {
    label: 'Lost answer',
    order: { target: 'chat.postMessage', kind: 'lost_answer', times: 1 },
    see: 'The next message is posted, but the bot never hears of it.',
  },
  duplicate: {
    label: 'Delivered twice',
    order: { target: 'delivery', kind: 'duplicate', times: 1 },
    see: 'The next command or click reaches the bot twice, at the same moment.',
  },
  delay: {
    label: '4 s of delay',
    order: { target: 'delivery', kind: 'delay', delayMs: 4000, times: 1 },
    see: 'The next command or click reaches the bot late: the person sees operation_timeout.',
  },
  app_down: {
    label: 'Bot unreachable',
    order: { target: 'delivery', kind: 'down', times: 1 },
    see: 'The next command or click finds nobody: the person sees dispatch_failed.',
  },
};

const isSame = (a: FaultOrder, b: FaultOrder): boolean => a.target === b.target && a.kind === b.kind;

/** The presets as switches, each with what it does. */
export function faultsHtml(slack: LocalSlack): Html {
  const active = slack.activeFaults();
  const item = ([name, { label, order, see }]: [string, Preset]): Html => {
    const on = active.find((fault) => isSame(fault, order));
    const left = on?.times === undefined ? '' : ` · ${on.times - on.struck} left`;
    const state = on ? html`<span class="pill pill--bad">on${left}</span>` : undefined;
    return html`<li class="fault" data-key="${name}"><button type="button" class="btn" data-act="fault" data-fault="${name}" data-id="${on?.id ?? ''}" aria-pressed="${String(Boolean(on))}">${label}</button> ${state}<span class="quiet">${see}</span></li>`;
  };
  return html`<ul class="faults">${Object.entries(FAULTS).map(item)}</ul>${active.length > 0 && html`<button type="button" class="btn btn--danger" data-act="clear-faults">End all faults</button>`}`;
}
