// What one window shows at this moment: each region of the page as HTML, and the few facts its script needs.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Channel } from '../../slack/world/model.ts';
import type { Outside } from '../outside.ts';
import { attribute, type Html, html } from '../render/html.ts';
import { channelHtml, threadHtml } from './conversation.ts';
import type { MessageView } from './message.ts';
import { homeHtml, modalHtml } from './modal.ts';
import { panelHtml } from './panel.ts';
import { railHtml } from './rail.ts';
import { channelsOf, messagesOfApp, nameOf, type Reader, readerOf } from './reader.ts';
import type { Reads } from './reads.ts';
import type { SeenBlocks } from './seen-blocks.ts';
import type { PageView } from './shown.ts';
import { sidebarHtml } from './sidebar.ts';

export type Window = {
  readonly as: string;
  readonly channel: string;
  readonly thread?: string;
  readonly panel?: string;
  /** Of the app's own conversation: its Home tab, or the messages. */
  readonly tab?: string;
  /** What had been read when the channel was opened: the mark of what is new stands after it. */
  readonly newAfter?: string;
  /** The same of the thread. */
  readonly threadNewAfter?: string;
  /** The bot's session that the browser sent along. */
  readonly session?: string;
};

export type PageState = {
  readonly slack: LocalSlack;
  readonly outside: Outside;
  readonly reads: Reads;
  readonly seen: SeenBlocks;
};

const TABS = [
  ['home', 'Home'],
  ['messages', 'Messages'],
] as const;

/** The app's name with the tabs it has. */
function appHead(slack: LocalSlack, isHome: boolean): Html {
  const { botName, homeTab, messagesTab } = slack.app();
  const has = { home: homeTab, messages: messagesTab !== 'off' };
  const shown = TABS.filter(([tab]) => has[tab]).map(
    ([tab, label]) =>
      html`<button type="button" class="tab" data-act="app" data-tab="${tab}"${attribute('aria-current', (tab === 'home') === isHome ? 'page' : undefined)}>${label}</button>`,
  );
  return html`<h1>${botName} <span class="badge">APP</span></h1><nav class="tabs" aria-label="${botName}">${shown}</nav>`;
}

function headHtml(slack: LocalSlack, channel: Channel, isHome: boolean): Html {
  if (channel.isIm) return appHead(slack, isHome);
  const sign = channel.isPrivate ? '🔒' : '#';
  return html`<h1><span aria-hidden="true">${sign}</span> ${channel.name}</h1><span class="quiet">${channel.members.length} members${channel.isExtShared && ' · shared with another organisation'}${channel.isArchived && ' · archived'}</span>`;
}

/** The global shortcuts, behind the lightning. */
function shortcutsHtml(slack: LocalSlack): Html | undefined {
  const all = slack.app().shortcuts.filter((one) => one.type === 'global');
  if (all.length === 0) return undefined;
  const item = ({ name, description = '', callback_id: id }: (typeof all)[number]): Html =>
    html`<button type="button" class="menu__item" data-act="shortcut" data-callback="${id}">${name} <span class="quiet">${description}</span></button>`;
  return html`<details class="menu menu--up" name="more"><summary class="tool" aria-label="Shortcuts" title="Shortcuts">⚡</summary><div class="menu__items">${all.map(item)}</div></details>`;
}

function composerOf({ slack, user }: Reader, channel: Channel): Pick<PageView, 'composer' | 'canWrite'> {
  if (channel.isIm && slack.app().messagesTab !== 'on') {
    return { composer: 'Sending messages to this app has been turned off.', canWrite: false };
  }
  const label = `Message ${channel.isIm ? '' : '#'}${nameOf(slack, channel)}`;
  const canWrite = channel.members.includes(user.id) && !channel.isArchived;
  return { composer: canWrite ? label : `You can't write here: ${label}`, canWrite };
}

function latestIn(slack: LocalSlack, channel: string, thread: string | undefined): string {
  const all = thread ? slack.thread(channel, thread).slice(1) : slack.channelMessages(channel);
  return all.at(-1)?.ts ?? '';
}

/** Everything a window shows; throws where the person or every channel is missing. */
export function pageView(state: PageState, window: Window): PageView {
  const { slack, outside, reads, seen } = state;
  const reader = readerOf(slack, window.as);
  if (!reader) throw new Error(`there is no ${window.as} in this Slack`);
  const [mine, direct] = [channelsOf(reader), messagesOfApp(reader)];
  const all = direct ? [...mine, direct] : mine;
  const channel = all.find((one) => one.id === window.channel) ?? mine[0];
  if (!channel) throw new Error(`${reader.user.realName} is in no channel`);
  const isHome = channel.isIm === true && window.tab === 'home' && slack.app().homeTab;
  const unreadThreads = reads.threads(reader);
  const unreadReplies = new Map(unreadThreads.map((one) => [one.ts, one.unread]));
  const view: Omit<MessageView, 'where'> = { reader, seen, unreadReplies };
  const thread =
    window.thread &&
    threadHtml({ ...view, where: 'thread' }, channel.id, window.thread, window.threadNewAfter);
  const modal = slack.viewsOf(reader.user.id).at(-1);
  const others = all.filter((one) => one.id !== channel.id);
  const threads = unreadThreads.filter((one) => !thread || one.ts !== window.thread);
  const messages = isHome
    ? homeHtml(reader, slack.homeOf(reader.user.id))
    : channelHtml({ ...view, where: 'channel' }, channel, window.newAfter, outside.suggestions);
  const { user } = reader;
  return {
    regions: {
      sidebar: sidebarHtml(reader, reads, { channel: channel.id, threads }, outside.roles).markup,
      channel: headHtml(slack, channel, isHome).markup,
      messages: messages.markup,
      shortcuts: shortcutsHtml(slack)?.markup ?? '',
      thread: thread ? thread.markup : '',
      rail: railHtml(slack, outside, window.session).markup,
      panel: panelHtml(slack, outside, window.panel),
      modal: modalHtml(reader, modal).markup,
    },
    channel: channel.id,
    channelName: `${channel.isIm ? '' : '#'}${nameOf(slack, channel)}`,
    ...composerOf(reader, channel),
    isHome,
    unread: others.reduce((sum, one) => sum + reads.unread(reader, one.id).unread, 0),
    lastRead: reads.last(user.id, channel.id) ?? '',
    latest: isHome ? '' : latestIn(slack, channel.id, undefined),
    threadOpen: Boolean(thread),
    thread: {
      lastRead: (window.thread && reads.last(user.id, channel.id, window.thread)) || '',
      latest: window.thread ? latestIn(slack, channel.id, window.thread) : '',
    },
    modal: modal?.id ?? '',
    startingOver: outside.isStartingOver?.() ?? false,
  };
}
