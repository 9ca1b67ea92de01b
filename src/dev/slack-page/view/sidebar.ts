// The aubergine column: the workspace, its channels as this person sees them, and the people one can act as.
import type { Channel } from '../../slack/world/model.ts';
import type { Outside } from '../outside.ts';
import { attribute, type Html, html } from '../render/html.ts';
import { actors, avatar, channelsOf, type Reader, standingOf } from './reader.ts';
import type { Reads } from './reads.ts';

function channelItem(reader: Reader, reads: Reads, channel: Channel, isOpen: boolean): Html {
  const { unread, mentions } = isOpen ? { unread: 0, mentions: 0 } : reads.unread(reader, channel.id);
  const sign = channel.isPrivate ? '🔒' : channel.isArchived ? '🗄' : '#';
  const words = unread > 0 ? html`<span class="sr-only">, ${unread} unread</span>` : undefined;
  const badge =
    mentions > 0 ? html`<span class="count" aria-label="${mentions} mentions">${mentions}</span>` : undefined;
  const shared = channel.isExtShared
    ? html` <span class="quiet" title="Shared with another organisation">⬡</span>`
    : undefined;
  return html`<li><button type="button" class="channel${unread > 0 ? ' channel--unread' : ''}" data-act="channel" data-channel="${channel.id}"${attribute('aria-current', isOpen ? 'page' : undefined)}><span class="channel__sign" aria-hidden="true">${sign}</span><span class="channel__name">${channel.name}</span>${shared}${words}${badge}</button></li>`;
}

function person(reader: Reader, id: string, roles: Outside['roles'] = {}): Html {
  const user = reader.users.get(id);
  if (!user) return html``;
  const role = roles[id] ?? standingOf(reader.slack, user);
  const isMe = user.id === reader.user.id;
  return html`<li><button type="button" class="person" data-act="as" data-user="${id}" aria-pressed="${String(isMe)}">${avatar(user, user.realName, false, 'avatar--small')}<span class="person__names"><span class="person__name">${user.realName}${isMe && html` <span class="you">you</span>`}</span><span class="person__role">${role}</span></span></button></li>`;
}

/** The whole column. */
export function sidebarHtml(
  reader: Reader,
  reads: Reads,
  openChannel: string,
  roles: Outside['roles'],
): Html {
  const channels = channelsOf(reader);
  return html`<h2 class="sidebar__title">Channels</h2><ul class="channels">${channels.map((one) => channelItem(reader, reads, one, one.id === openChannel))}</ul>
<h2 class="sidebar__title" id="act-as">Act as</h2><ul class="people" aria-labelledby="act-as">${actors(reader.slack).map((user) => person(reader, user.id, roles))}</ul>
<p class="sidebar__zone">Times in ${reader.user.tz.replace('_', ' ')}, as ${reader.user.realName.split(' ')[0] ?? ''} sees them</p>`;
}
