// One message as Slack draws it: who, when, text or blocks, files, the line that leads to its thread.
import type { Ephemeral, FileRecord, Message } from '../../slack/world/model.ts';
import { blocksHtml } from '../render/blocks.ts';
import { attribute, type Html, html } from '../render/html.ts';
import { mrkdwn, plainText, typedText } from '../render/text.ts';
import { csvPreview } from './csv-preview.ts';
import { avatar, type Reader, timeOf } from './reader.ts';
import type { SeenBlocks } from './seen-blocks.ts';

export type MessageView = {
  readonly reader: Reader;
  readonly seen: SeenBlocks;
  /** Threads with replies that the reader hasn't read, by the time of their first message: how many. */
  readonly unreadReplies: ReadonlyMap<string, number>;
  readonly where: 'channel' | 'thread';
};

const isEphemeral = (message: Message | Ephemeral): message is Ephemeral => 'to' in message;

function content(view: MessageView, message: Message): Html {
  const context = view.reader.context(`${view.where}-${message.ts}`);
  if (message.blocks) return blocksHtml(context, message.blocks);
  if (message.text === '') return html``;
  if (!message.byApp && !isEphemeral(message))
    return html`<div class="msg__text">${typedText(context, message.text)}</div>`;
  return html`<div class="msg__text">${message.mrkdwn ? mrkdwn(context, message.text) : plainText(message.text)}</div>`;
}

const sizeOf = (bytes: number): string => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`);

function fileCard(file: FileRecord): Html {
  const kind = file.name.includes('.') ? (file.name.split('.').at(-1) ?? '') : 'file';
  const href = `/files/${file.id}/${encodeURIComponent(file.name)}`;
  return html`<div class="file"><div class="file__card"><span class="file__icon" aria-hidden="true">${kind.toUpperCase()}</span><span class="file__names"><strong>${file.title || file.name}</strong><span class="quiet">${file.name} · ${sizeOf(file.size)}</span></span><a class="btn" href="${href}" download="${file.name}" aria-label="Download ${file.name}">Download</a></div>${kind === 'csv' && csvPreview(file.content)}</div>`;
}

function files({ reader }: MessageView, message: Message): Html | undefined {
  if (message.files.length === 0) return undefined;
  const all = new Map(reader.slack.files().map((file) => [file.id, file]));
  return html`<div class="files">${message.files.map((id) => {
    const file = all.get(id);
    return file ? fileCard(file) : html`<div class="file quiet">This file was deleted.</div>`;
  })}</div>`;
}

function replyBar({ reader, where, unreadReplies }: MessageView, message: Message): Html | undefined {
  const replies = where === 'channel' ? reader.slack.thread(message.channel, message.ts).slice(1) : [];
  const last = replies.at(-1);
  if (!last || message.threadTs) return undefined;
  const people = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  const faces = people.map((id) => {
    const user = reader.users.get(id);
    return avatar(user, user?.realName ?? id, Boolean(user?.isBot), 'avatar--tiny');
  });
  const count = `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`;
  const unread = unreadReplies.get(message.ts) ?? 0;
  const fresh = unread > 0 && html`<span class="replies__new">${unread} new</span>`;
  return html`<button type="button" class="replies" data-act="thread" data-thread="${message.ts}">${faces}<span class="replies__count">${count}</span>${fresh}<span class="quiet">Last reply at ${timeOf(reader, last.ts)}</span></button>`;
}

function author(view: MessageView, message: Message): { name: string; face: Html; badge?: Html } {
  const { users, user: me, slack } = view.reader;
  const writer = users.get(message.user);
  const fromSlack = isEphemeral(message) && message.from === 'slack';
  const name = fromSlack ? 'Slackbot' : (writer?.realName ?? message.user);
  const face = fromSlack
    ? html`<span class="avatar avatar--slackbot" aria-hidden="true">♥</span>`
    : avatar(writer, name, message.byApp);
  if (message.byApp) return { name, face, badge: html`<span class="badge">APP</span>` };
  const foreign = writer !== undefined && writer.teamId !== slack.team.id && me.id !== writer.id;
  return foreign ? { name, face, badge: html`<span class="badge">EXTERNAL</span>` } : { name, face };
}

function above(view: MessageView, message: Message): Html | undefined {
  if (isEphemeral(message))
    return html`<div class="msg__above"><span aria-hidden="true">👁</span> Only visible to you · <button type="button" class="link" data-act="dismiss" data-ts="${message.ts}">Dismiss</button></div>`;
  if (!message.broadcast) return undefined;
  if (view.where === 'thread') return html`<div class="msg__above">Also sent to the channel</div>`;
  return html`<div class="msg__above">replied to <button type="button" class="link" data-act="thread" data-thread="${message.threadTs ?? ''}">a thread</button></div>`;
}

/** What stands beside a message under the pointer: where nothing of the message is. */
function toolsHtml(view: MessageView, message: Message, name: string): Html {
  const { slack, user } = view.reader;
  const reply =
    view.where === 'channel' &&
    html`<button type="button" class="tool" data-act="thread" data-thread="${message.threadTs ?? message.ts}" aria-label="Reply in thread to ${name}" title="Reply in thread">💬</button>`;
  const own = message.user === user.id;
  const shortcuts = slack.app().shortcuts.filter((one) => one.type === 'message');
  const item = (act: string, label: string, callbackId = ''): Html =>
    html`<button type="button" class="menu__item" data-act="${act}"${attribute('data-callback', callbackId || undefined)}>${label}</button>`;
  const more = html`<details class="menu menu--right" name="more"><summary class="tool" aria-label="More actions for the message of ${name}" title="More actions">⋮</summary><div class="menu__items">${item('copy-link', 'Copy link')}${own && item('edit-message', 'Edit message')}${shortcuts.map((one) => item('message-shortcut', one.name, one.callback_id))}</div></details>`;
  return html`<div class="msg__tools" data-link="${slack.permalink(message)}">${reply}${more}</div>`;
}

/** A message; `compact` leaves out the name where the same person went on writing. */
export function messageHtml(view: MessageView, message: Message | Ephemeral, compact: boolean): Html {
  const { name, face, badge } = author(view, message);
  const version = message.blocks ? view.seen.remember(message.blocks) : undefined;
  const tools = !isEphemeral(message) && !message.tombstone && toolsHtml(view, message, name);
  const mine = message.user === view.reader.user.id && !isEphemeral(message) && !message.tombstone;
  const edited =
    message.edited &&
    !isEphemeral(message) &&
    html` <span class="msg__edited" title="Edited">(edited)</span>`;
  const head = html`<div class="msg__head"><span class="msg__author">${name}</span>${badge} <span class="msg__time">${timeOf(view.reader, message.ts)}</span></div>`;
  const css = `msg${compact ? ' msg--compact' : ''}${isEphemeral(message) ? ' msg--ephemeral' : ''}`;
  return html`<article class="${css}" data-key="${view.where}-${message.ts}" data-ts="${message.ts}" data-channel="${message.channel}" aria-label="${name}"${attribute('data-version', version)}${attribute('data-mine', mine ? message.text : undefined)}>${above(view, message)}<div class="msg__row"><div class="msg__face">${compact ? html`<span class="msg__gutter">${timeOf(view.reader, message.ts)}</span>` : face}</div><div class="msg__body">${!compact && head}<div class="msg__content">${content(view, message)}${edited}</div>${files(view, message)}${replyBar(view, message)}</div></div>${tools}</article>`;
}
