// The aubergine column: the workspace, its channels as this person sees them, and the people one can act as.
import type { Channel } from '../../slack/world/model.ts';
import type { Outside } from '../outside.ts';
import { attribute, type Html, html } from '../render/html.ts';
import { actors, avatar, channelsOf, hasApp, messagesOfApp, type Reader, standingOf } from './reader.ts';
import type { Reads, Unread, UnreadThread } from './reads.ts';

const badge = (mentions: number, what = 'mentions'): Html | undefined =>
  mentions > 0
    ? html`<span class="count" role="img" aria-label="${mentions} ${what}">${mentions}</span>`
    : undefined;

const words = (unread: number): Html | undefined =>
  unread > 0 ? html`<span class="sr-only">, ${unread} unread</span>` : undefined;

const cssOf = (unread: number): string => `channel${unread > 0 ? ' channel--unread' : ''}`;

function channelItem(reader: Reader, reads: Reads, channel: Channel, isOpen: boolean): Html {
  const { unread, mentions } = isOpen ? { unread: 0, mentions: 0 } : reads.unread(reader, channel.id);
  const sign = channel.isPrivate ? '🔒' : channel.isArchived ? '🗄' : '#';
  const shared = channel.isExtShared
    ? html` <span class="quiet" title="Shared with another organisation">⬡</span>`
    : undefined;
  return html`<li><button type="button" class="${cssOf(unread)}" data-act="channel" data-channel="${channel.id}"${attribute('aria-current', isOpen ? 'page' : undefined)}><span class="channel__sign" aria-hidden="true">${sign}</span><span class="channel__name">${channel.name}</span>${shared}${words(unread)}${badge(mentions)}</button></li>`;
}

/** Threads with something new for this person; a click opens the latest. */
function threadsItem(threads: readonly UnreadThread[]): Html | undefined {
  const [latest] = threads;
  if (!latest) return undefined;
  const unread = threads.reduce((sum, one) => sum + one.unread, 0);
  const mentions = threads.reduce((sum, one) => sum + one.mentions, 0);
  return html`<ul class="channels"><li><button type="button" class="${cssOf(unread)}" data-act="unread-thread" data-channel="${latest.channel}" data-thread="${latest.ts}"><span class="channel__sign" aria-hidden="true">🧵</span><span>Threads</span>${words(unread)}${badge(mentions)}</button></li></ul>`;
}

/** The app: its messages where some are unread, else its Home tab where it has one. */
function appItem(reader: Reader, reads: Reads, openChannel: string): Html | undefined {
  if (!hasApp(reader)) return undefined;
  const { botName, homeTab, messagesTab } = reader.slack.app();
  const direct = messagesOfApp(reader);
  const isOpen = direct !== undefined && direct.id === openChannel;
  const none: Unread = { unread: 0, mentions: 0 };
  const { unread, mentions } = direct && !isOpen ? reads.unread(reader, direct.id) : none;
  const tab = homeTab && (unread === 0 || messagesTab === 'off') ? 'home' : 'messages';
  return html`<h2 class="sidebar__title">Apps</h2><ul class="channels"><li><button type="button" class="${cssOf(unread)}" data-act="app" data-tab="${tab}" data-channel="${direct?.id ?? ''}"${attribute('aria-current', isOpen ? 'page' : undefined)}><span class="channel__sign" aria-hidden="true">↻</span><span>${botName}</span>${words(unread)}${badge(mentions, 'unread messages')}</button></li></ul>`;
}

function person(reader: Reader, id: string, roles: Outside['roles'] = {}): Html {
  const user = reader.users.get(id);
  if (!user) return html``;
  const role = roles[id] ?? standingOf(reader.slack, user);
  const isMe = user.id === reader.user.id;
  return html`<li><button type="button" class="person" data-act="as" data-user="${id}" aria-pressed="${String(isMe)}">${avatar(user, user.realName, false, 'avatar--small')}<span class="person__names"><span class="person__name">${user.realName}${isMe && html` <span class="you">you</span>`}</span><span class="person__role">${role}</span></span></button></li>`;
}

/** The whole column; `open.threads` are those with something new, without the one that is open. */
export function sidebarHtml(
  reader: Reader,
  reads: Reads,
  open: { readonly channel: string; readonly threads: readonly UnreadThread[] },
  roles: Outside['roles'],
): Html {
  return html`${threadsItem(open.threads)}<h2 class="sidebar__title">Channels</h2><ul class="channels">${channelsOf(reader).map((one) => channelItem(reader, reads, one, one.id === open.channel))}</ul>
${appItem(reader, reads, open.channel)}
<h2 class="sidebar__title" id="act-as">Act as</h2><ul class="people" aria-labelledby="act-as">${actors(reader.slack).map((user) => person(reader, user.id, roles))}</ul>
<p class="sidebar__zone">Times in ${reader.user.tz.replace('_', ' ')}, as ${reader.user.realName.split(' ')[0] ?? ''} sees them</p>`;
}
