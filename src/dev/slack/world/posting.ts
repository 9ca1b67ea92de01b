// Puts messages into the world, changes them and takes them out. Whether that is allowed is decided before.
import type { Block } from '../validation/walk.ts';
import { eachRecord } from '../validation/walk.ts';
import type { Ephemeral, Message, Metadata } from './model.ts';
import { findMessage, messagesOf, repliesOf, type World } from './world.ts';

export interface Content {
  readonly text: string;
  readonly blocks?: readonly Block[];
  /** null: none, and none that was there before either. */
  readonly metadata?: Metadata | null;
  readonly files?: readonly string[];
  readonly parse?: Message['parse'];
  readonly linkNames?: boolean;
  readonly mrkdwn?: boolean;
  readonly unfurlLinks?: boolean;
  readonly unfurlMedia?: boolean;
}

export interface Place {
  readonly channel: string;
  readonly threadTs?: string;
  readonly broadcast?: boolean;
}

const MAX_TEXT = 40_000;

const INTERACTIVE =
  /^(button|checkboxes|.*picker|.*_input|.*select|radio_buttons|overflow|workflow_button|feedback_buttons|icon_button)$/;

/** The same blocks with a block_id and an action_id wherever the app left them out, as Slack stores them. */
export function withIds(blocks: readonly Block[], newId: World['newId']): Block[] {
  const copy = structuredClone(blocks) as Block[];
  for (const block of copy) {
    if (block.block_id === undefined || block.block_id === '') block.block_id = newId('').slice(0, 5);
    eachRecord(block, '', (record, at) => {
      if (at === '' || typeof record.type !== 'string' || !INTERACTIVE.test(record.type)) return;
      record.action_id ??= newId('').slice(0, 5);
    });
  }
  return copy;
}

function contentFields(world: World, content: Content) {
  return {
    text: [...content.text].slice(0, MAX_TEXT).join(''),
    ...(content.blocks && content.blocks.length > 0 ? { blocks: withIds(content.blocks, world.newId) } : {}),
    ...(content.metadata ? { metadata: content.metadata } : {}),
    files: content.files ?? [],
    parse: content.parse ?? 'default',
    linkNames: content.linkNames ?? false,
    mrkdwn: content.mrkdwn ?? true,
    unfurlLinks: content.unfurlLinks ?? true,
    unfurlMedia: content.unfurlMedia ?? true,
  };
}

/** Writes a message into a channel or a thread. */
export function post(world: World, author: string, place: Place, content: Content): Message {
  const message: Message = {
    ts: world.nextTs(),
    channel: place.channel,
    user: author,
    byApp: author === world.app.botUserId,
    ...(place.threadTs ? { threadTs: place.threadTs } : {}),
    broadcast: Boolean(place.threadTs && place.broadcast),
    ...contentFields(world, content),
  };
  const list = world.messages.get(place.channel) ?? [];
  list.push(message);
  world.messages.set(place.channel, list);
  world.changes.announce({ kind: 'message_posted', channel: message.channel, ts: message.ts });
  return message;
}

/** Replaces a message's content; its place, author and time stay. */
export function edit(world: World, message: Message, content: Content): Message {
  const { blocks: _, metadata, ...kept } = message;
  const edited: Message = {
    ...kept,
    ...contentFields(world, {
      files: message.files,
      unfurlLinks: message.unfurlLinks,
      unfurlMedia: message.unfurlMedia,
      ...content,
    }),
    ...(metadata && content.metadata === undefined ? { metadata } : {}),
    edited: { user: message.user, ts: world.nextTs() },
  } as Message;
  const list = messagesOf(world, message.channel);
  list[list.findIndex((one) => one.ts === message.ts)] = edited;
  world.changes.announce({ kind: 'message_updated', channel: message.channel, ts: message.ts });
  return edited;
}

/** Deletes a message. One that nobody has answered is gone without a trace, and its thread with it. */
export function takeAway(world: World, message: Message): void {
  if (repliesOf(world, message.channel, message.ts).length > 0) leavePlace(world, message);
  else remove(world, message.channel, message.ts);
}

/** Deletes a message: one with replies leaves its place behind, so that they hang on something. */
function leavePlace(world: World, message: Message): void {
  const { blocks: _, metadata: __, ...kept } = message;
  const list = messagesOf(world, message.channel);
  const tombstone = { ...kept, text: 'This message was deleted.', files: [], tombstone: true };
  list[list.findIndex((one) => one.ts === message.ts)] = tombstone;
  world.changes.announce({ kind: 'message_deleted', channel: message.channel, ts: message.ts });
}

/** Locks the thread under a message, or unlocks it. */
export function lock(world: World, message: Message, threadLocked: boolean): void {
  const list = messagesOf(world, message.channel);
  list[list.findIndex((one) => one.ts === message.ts)] = { ...message, threadLocked };
  world.changes.announce({ kind: 'message_updated', channel: message.channel, ts: message.ts });
}

/** Takes a message out of its channel. */
export function remove(world: World, channel: string, ts: string): void {
  const list = messagesOf(world, channel);
  const index = list.findIndex((message) => message.ts === ts);
  if (index < 0) return;
  list.splice(index, 1);
  world.changes.announce({ kind: 'message_deleted', channel, ts });
}

/** Shows a message to one person only. */
export function whisper(
  world: World,
  to: string,
  from: Ephemeral['from'],
  place: Place,
  content: Content,
): Ephemeral {
  const ephemeral: Ephemeral = {
    ts: world.nextTs(),
    channel: place.channel,
    user: from === 'app' ? world.app.botUserId : 'USLACKBOT',
    byApp: from === 'app',
    ...(place.threadTs ? { threadTs: place.threadTs } : {}),
    broadcast: false,
    ...contentFields(world, content),
    to,
    from,
  };
  world.ephemerals.push(ephemeral);
  world.changes.announce({ kind: 'ephemeral_posted', user: to, ts: ephemeral.ts });
  return ephemeral;
}

/** Replaces or, without content, removes what one person sees. */
export function rewhisper(world: World, ephemeral: Ephemeral, content: Content | undefined): void {
  const index = world.ephemerals.findIndex((one) => one.ts === ephemeral.ts);
  if (index < 0) return;
  const { blocks: _, metadata: __, ...kept } = ephemeral;
  if (content === undefined) world.ephemerals.splice(index, 1);
  else world.ephemerals[index] = { ...kept, ...contentFields(world, content) };
  const kind = content === undefined ? 'ephemeral_deleted' : 'ephemeral_updated';
  world.changes.announce({ kind, user: ephemeral.to, ts: ephemeral.ts });
}

/** The message that a reply to `ts` belongs under: threads have one level. */
export function threadRoot(world: World, channel: string, ts: string): Message | undefined {
  const message = findMessage(world, channel, ts);
  if (!message?.threadTs) return message;
  return findMessage(world, channel, message.threadTs);
}
