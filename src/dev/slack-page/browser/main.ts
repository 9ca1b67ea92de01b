// The page's script: wires what a person does to what the page can do, and listens to the server.
import { post } from './api.ts';
import { Composer } from './composer.ts';
import { confirmed } from './confirm.ts';
import { attempt, byId } from './dom.ts';
import { choose, closeModal, entered, interact, submitModal, typed } from './interactions.ts';
import { closeMenus } from './menus.ts';
import { MESSAGE_ACTIONS } from './message-actions.ts';
import { placeOfLink } from './place.ts';
import { toTheEnd } from './scroll.ts';
import { drop, listenToSearches } from './search.ts';
import { nextTheme, showTheme } from './theme.ts';
import { SlackWindow } from './window.ts';

let composer: Composer | undefined;
let replies: Composer | undefined;
const page = new SlackWindow((place) => {
  composer = new Composer('main', place);
  replies = new Composer('reply', place);
  return { main: composer, reply: replies };
});

function toggle(button: HTMLElement, css: string): void {
  const open = document.body.classList.toggle(css);
  button.ariaExpanded = String(open);
}

function leaveSheets(): void {
  document.body.classList.remove('menu-open', 'rail-open');
  for (const button of document.querySelectorAll('.top [aria-expanded]')) button.ariaExpanded = 'false';
}

const RESET = JSON.stringify({
  title: { text: 'Start the incident over?' },
  text: { text: 'The database is filled anew, and all messages, webhooks and e-mails are gone.' },
  confirm: { text: 'Start over' },
  deny: { text: 'Not now' },
  style: 'danger',
});

async function reset(button: HTMLElement): Promise<void> {
  if (!(await confirmed(RESET))) return;
  await page.startOver(() => attempt(() => post('/page/reset', {})));
  button.focus();
}

async function switchFault({ dataset }: HTMLElement): Promise<void> {
  const on = dataset.id !== undefined && dataset.id !== '';
  await attempt(() =>
    on ? post('/control/clear-faults', { id: dataset.id }) : post('/page/fault', { name: dataset.fault }),
  );
}

const orderFault = ({ dataset }: HTMLElement): Promise<void> =>
  attempt(() => post('/page/order', { name: dataset.fault }));

async function closeThread(): Promise<void> {
  const { thread } = page.place;
  await page.go({ thread: '' });
  document.querySelector<HTMLElement>(`#messages [data-thread="${CSS.escape(thread)}"]`)?.focus();
}

/** Opens the app, which hears of it; for the person it has a conversation of its own from then on. */
const openApp = (tab: string): Promise<void> =>
  attempt(async () => {
    const { as: user } = page.place;
    const { channel } = await post<{ channel: string }>('/human/open-home', { user, tab });
    await page.go({ channel, tab, thread: '' });
  });

const ACTIONS: Record<string, (button: HTMLElement) => unknown> = {
  app: ({ dataset }) => {
    leaveSheets();
    return openApp(dataset.tab ?? 'home');
  },
  'unread-thread': async ({ dataset }) => {
    leaveSheets();
    await page.go({ channel: dataset.channel ?? '', thread: dataset.thread ?? '' });
    byId('reply-text').focus();
  },
  shortcut: ({ dataset }) => {
    const { as: user, channel } = page.place;
    closeMenus();
    return attempt(() => post('/human/open-shortcut', { user, channel, callbackId: dataset.callback }));
  },
  dismiss: ({ dataset }) => attempt(() => post('/human/dismiss', { user: page.place.as, ts: dataset.ts })),
  'edit-message': (button) => {
    closeMenus();
    const message = button.closest<HTMLElement>('.msg');
    if (message) (message.closest('#replies') ? replies : composer)?.edit(message);
  },
  ...MESSAGE_ACTIONS(() => page.place.as),
  'to-end': ({ dataset }) => toTheEnd(byId(dataset.of ?? 'messages')),
  unpick: (button) => {
    const box = button.closest<HTMLElement>('[data-search]');
    const value = button.closest<HTMLElement>('.chip')?.dataset.value ?? '';
    return box && drop(box, page.place.as, value);
  },
  channel: ({ dataset }) => {
    leaveSheets();
    page.go({ channel: dataset.channel ?? '', thread: '' });
  },
  as: ({ dataset }) => {
    leaveSheets();
    page.go({ as: dataset.user ?? '' });
  },
  thread: async ({ dataset }) => {
    await page.go({ thread: dataset.thread ?? '' });
    byId('reply-text').focus();
  },
  'close-thread': closeThread,
  panel: async ({ dataset }) => {
    leaveSheets();
    await page.go({ panel: dataset.panel ?? '' });
    byId(`tab-${dataset.panel ?? 'traffic'}`).focus();
  },
  'close-panel': () => page.go({ panel: '' }),
  menu: (button) => toggle(button, 'menu-open'),
  rail: (button) => toggle(button, 'rail-open'),
  theme: nextTheme,
  suggest: ({ dataset }) => composer?.suggest(dataset.text ?? ''),
  click: (button) => {
    if (!(button instanceof HTMLAnchorElement)) button.closest('details')?.removeAttribute('open');
    return interact(button, page.place.as, button.dataset.value);
  },
  fault: switchFault,
  'application-fault': orderFault,
  'clear-faults': () => attempt(() => post('/control/clear-faults', {})),
  reset,
  'close-modal': () => closeModal(page.place.as),
  'close-all': () => closeModal(page.place.as, true),
};

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
  const place = link && !event.ctrlKey && !event.metaKey ? placeOfLink(link.href) : undefined;
  if (place) {
    event.preventDefault();
    leaveSheets();
    void page.go(place);
  }
  const button = (event.target as Element).closest<HTMLElement>('[data-act]');
  const action = button && ACTIONS[button.dataset.act ?? ''];
  if (action) void action(button);
});

document.addEventListener('change', (event) => {
  const element = (event.target as Element).closest<HTMLElement>('[data-act="choose"]');
  if (element) void choose(element, page.place.as);
});

document.addEventListener('input', (event) => {
  const element = (event.target as Element).closest<HTMLElement>('[data-act="choose"]');
  if (element) void typed(element, page.place.as);
});

/** Enter sends a modal off, as in any form; in a text of several lines it needs Ctrl or Cmd. */
byId('modal').addEventListener('keydown', (event) => {
  const element = event.target as HTMLElement;
  if (event.key !== 'Enter' || event.isComposing) return;
  if (element.matches('textarea') && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    element.closest('form')?.requestSubmit();
  } else if (entered(element, page.place.as)) event.preventDefault();
});

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method === 'dialog') return;
  event.preventDefault();
  if (form.dataset.viewId !== undefined) void submitModal(form, page.place.as);
  const { form: verb } = form.dataset;
  if (verb === 'fire' || verb === 'mend' || verb === 'fix') void sayDone(verb, form, event.submitter);
});

/** Fires an execution, mends a cause or deploys the fix, and says under the form what was done. */
async function sayDone(verb: string, form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  await attempt(async () => {
    const body = Object.fromEntries(new FormData(form, button));
    const { said } = await post<{ said: string }>(`/page/${verb}`, body);
    const place = form.querySelector('.fire__said');
    if (place) place.textContent = said;
  });
}

/** Escape closes what is open, the innermost first; a dialog closes by itself. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  if (closeMenus()) return;
  if (document.body.matches('.menu-open, .rail-open')) leaveSheets();
  else if (page.place.panel !== '') void page.go({ panel: '' });
  else if (page.place.thread !== '') void closeThread();
});

/** Tabs are walked with the arrows. */
byId('drawer').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const tabs = [...document.querySelectorAll<HTMLElement>('.drawer [role="tab"]')];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  if (step !== undefined && at >= 0) tabs[(at + step + tabs.length) % tabs.length]?.click();
});

byId('modal').addEventListener('cancel', (event) => {
  event.preventDefault();
  void closeModal(page.place.as);
});

function listen(): void {
  const events = new EventSource('/page/events');
  events.onmessage = () => {
    byId('live').textContent = '';
    void page.refresh();
  };
  // What somebody did in another window, such as signing in, tells nobody here.
  window.addEventListener('focus', () => void page.refresh());
  events.onerror = () => {
    byId('live').textContent = 'Not connected: trying again…';
  };
}

listenToSearches(() => page.place.as);
showTheme();
listen();
if (page.place.tab !== '') void openApp(page.place.tab);
