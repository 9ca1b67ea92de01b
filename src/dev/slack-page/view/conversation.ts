// The messages of a channel and of a thread, with the days, the mark of what is new, and what only the reader sees.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Channel, Ephemeral, Message } from '../../slack/world/model.ts';
import type { Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';
import { type MessageView, messageHtml } from './message.ts';
import { dayOf, nameOf, type Reader } from './reader.ts';

type Any = Message | Ephemeral;

const GROUP_SECONDS = 300;

const inOrder = (messages: readonly Any[]): Any[] => [...messages].sort((a, b) => (a.ts < b.ts ? -1 : 1));

function goesOn(before: Any | undefined, now: Any): boolean {
  if (!before || before.user !== now.user || 'to' in before || 'to' in now) return false;
  if (before.broadcast || now.broadcast) return false;
  return Number(now.ts) - Number(before.ts) < GROUP_SECONDS;
}

/** Ephemerals that belong where the reader looks; what came without a place is shown in the channel. */
const mine = ({ slack, user }: Reader, channel: string, threadTs: string | undefined): Ephemeral[] =>
  slack
    .ephemeralsOf(user.id)
    .filter((one) => (one.channel === channel || one.channel === '') && one.threadTs === threadTs);

function list(view: MessageView, messages: readonly Any[], newAfter: string | undefined): Html {
  let day = '';
  let marked = newAfter === undefined;
  return html`${messages.map((message, n) => {
    const before = messages[n - 1];
    const today = dayOf(view.reader, message.ts);
    const dayMark =
      view.where === 'channel' &&
      today !== day &&
      html`<div class="day" role="separator" data-key="day-${today}"><span>${today}</span></div>`;
    const isNew = !marked && message.ts > (newAfter ?? '') && message.user !== view.reader.user.id;
    if (isNew) marked = true;
    const compact = goesOn(before, message) && today === day && !isNew;
    day = today;
    const newMark =
      isNew &&
      (n > 0 || view.where === 'thread') &&
      html`<div class="new" role="separator" data-key="new"><span>New</span></div>`;
    return html`${dayMark}${newMark}${messageHtml(view, message, compact)}`;
  })}`;
}

/** The commands to try stand only where the bot is: it refuses them elsewhere. */
function beginning(slack: LocalSlack, channel: Channel, all: Outside['suggestions'] = []): Html {
  const suggestions = channel.members.includes(slack.app().botUserId) && !channel.isIm ? all : [];
  const tries = suggestions.map(
    ({ text, why }) =>
      html`<li><button type="button" class="try" data-act="suggest" data-text="${text}"><code>${text}</code></button> <span class="quiet">${why}</span></li>`,
  );
  const sign = channel.isIm ? '' : channel.isPrivate ? '🔒 ' : '# ';
  const name = `${sign}${nameOf(slack, channel)}`;
  return html`<section class="beginning" data-key="beginning"><h2>${name}</h2><p class="quiet">This is the very beginning of the channel.</p>${tries.length > 0 && html`<p>Type one of these, or click it:</p><ul class="tries">${tries}</ul>`}</section>`;
}

/** A channel's messages; `newAfter` is the last one the reader had read. */
export function channelHtml(
  view: MessageView,
  channel: Channel,
  newAfter: string | undefined,
  suggestions: Outside['suggestions'],
): Html {
  const messages = [
    ...view.reader.slack.channelMessages(channel.id),
    ...mine(view.reader, channel.id, undefined),
  ];
  return html`${beginning(view.reader.slack, channel, suggestions)}${list(view, inOrder(messages), newAfter)}`;
}

/** A message with its replies; undefined where the message is gone. */
export function threadHtml(
  view: MessageView,
  channel: string,
  ts: string,
  newAfter: string | undefined,
): Html | undefined {
  const [root, ...replies] = view.reader.slack.thread(channel, ts);
  if (root === undefined || root.ts !== ts) return undefined;
  const all = inOrder([...replies, ...mine(view.reader, channel, ts)]);
  const count = `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`;
  const mark = html`<div class="day" role="separator" data-key="count"><span>${count}</span></div>`;
  return html`${messageHtml(view, root, false)}${replies.length > 0 && mark}${list(view, all, newAfter)}`;
}
