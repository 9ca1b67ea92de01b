// What one window shows at this moment: each region of the page as HTML, and the few facts its script needs.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Outside } from '../outside.ts';
import { html } from '../render/html.ts';
import { applicationHtml } from './application.ts';
import { causesHtml } from './causes.ts';
import { channelHtml, threadHtml } from './conversation.ts';
import { customersHtml } from './customers.ts';
import { executionsHtml } from './executions.ts';
import { faultsHtml } from './faults.ts';
import { modalHtml } from './modal.ts';
import { railHtml } from './rail.ts';
import { channelsOf, readerOf } from './reader.ts';
import type { Reads } from './reads.ts';
import type { SeenBlocks } from './seen-blocks.ts';
import type { PageView } from './shown.ts';
import { sidebarHtml } from './sidebar.ts';
import { trafficHtml } from './traffic.ts';

export type Window = {
  readonly as: string;
  readonly channel: string;
  readonly thread?: string;
  readonly panel?: string;
  /** What had been read when the channel was opened: the mark of what is new stands after it. */
  readonly newAfter?: string;
};

export type PageState = {
  readonly slack: LocalSlack;
  readonly outside: Outside;
  readonly reads: Reads;
  readonly seen: SeenBlocks;
};

function panelHtml({ slack, outside }: PageState, panel: string | undefined): string {
  switch (panel) {
    case 'traffic':
      return trafficHtml(slack).markup;
    case 'faults':
      return faultsHtml(slack).markup;
    case 'customers':
      return customersHtml(outside).markup;
    case 'executions':
      return executionsHtml(outside).markup;
    case 'application':
      return applicationHtml(outside).markup;
    case 'causes':
      return causesHtml(outside).markup;
    default:
      return '';
  }
}

/** Everything a window shows; throws where the person or every channel is missing. */
export function pageView(state: PageState, window: Window): PageView {
  const { slack, outside, reads, seen } = state;
  const reader = readerOf(slack, window.as);
  if (!reader) throw new Error(`there is no ${window.as} in this Slack`);
  const mine = channelsOf(reader);
  const channel = mine.find((one) => one.id === window.channel) ?? mine[0];
  if (!channel) throw new Error(`${reader.user.realName} is in no channel`);
  const view = { reader, seen } as const;
  const thread = window.thread && threadHtml({ ...view, where: 'thread' }, channel.id, window.thread);
  const modal = slack.viewsOf(reader.user.id).at(-1);
  const others = mine.filter((one) => one.id !== channel.id);
  const sign = channel.isPrivate ? '🔒' : '#';
  const details = html`<span class="quiet">${channel.members.length} members${channel.isExtShared && ' · shared with another organisation'}${channel.isArchived && ' · archived'}</span>`;
  return {
    regions: {
      sidebar: sidebarHtml(reader, reads, channel.id, outside.roles).markup,
      channel: html`<h1><span aria-hidden="true">${sign}</span> ${channel.name}</h1>${details}`.markup,
      messages: channelHtml({ ...view, where: 'channel' }, channel, window.newAfter, outside.suggestions)
        .markup,
      thread: thread ? thread.markup : '',
      rail: railHtml(slack, outside).markup,
      panel: panelHtml(state, window.panel),
      modal: modalHtml(reader, modal).markup,
    },
    channelName: channel.name,
    canWrite: channel.members.includes(reader.user.id) && !channel.isArchived,
    unread: others.reduce((sum, one) => sum + reads.unread(reader, one.id).unread, 0),
    lastRead: reads.last(reader.user.id, channel.id) ?? '',
    latest: slack.channelMessages(channel.id).at(-1)?.ts ?? '',
    threadOpen: Boolean(thread),
    modal: modal?.id ?? '',
    startingOver: outside.isStartingOver?.() ?? false,
  };
}
