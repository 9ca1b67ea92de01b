// A channel, a thread or what one person alone sees, as the text of a transcript.
import type { Ephemeral, Message } from '../world/model.ts';
import { findMessage, messagesOf, repliesOf, type World } from '../world/world.ts';
import { plainText, userName, utc } from './plain-text.ts';
import { printBlocks } from './print-blocks.ts';

function author(world: World, message: Message): string {
  if (message.user === 'USLACKBOT') return 'Slackbot';
  return message.byApp ? `${world.app.botName} (app)` : userName(world, message.user);
}

const kilobytes = (size: number): string =>
  size < 1024 ? `${size} bytes` : `${(size / 1024).toFixed(1)} kB`;

function files(world: World, message: Message): string[] {
  return message.files.map((id) => {
    const file = world.files.get(id);
    return file ? `[file ${file.name}, ${kilobytes(file.size)}]` : `[file ${id}]`;
  });
}

/** One message: a line with author and time, then its content, indented. */
function printMessage(world: World, message: Message | Ephemeral, indent = ''): string[] {
  const marks = [
    message.edited ? 'edited' : '',
    message.broadcast ? 'also sent to the channel' : '',
    'to' in message ? `only ${userName(world, message.to)} sees this` : '',
  ].filter((mark) => mark !== '');
  const head = `${author(world, message)}  ${utc(Number(message.ts))}${marks.length ? `  (${marks.join(', ')})` : ''}`;
  const content = message.blocks
    ? printBlocks(world, message.blocks)
    : plainText(world, message.text).split('\n');
  const replies = 'to' in message ? [] : repliesOf(world, message.channel, message.ts);
  const thread =
    replies.length > 0 ? [`(${replies.length} ${replies.length === 1 ? 'reply' : 'replies'})`] : [];
  const body = [...content.filter((line, i) => line !== '' || i > 0), ...files(world, message), ...thread];
  return [head, ...body.map((line) => `  ${line}`)].map((line) => `${indent}${line}`.trimEnd());
}

/** What everybody in a channel sees. */
export function printChannel(world: World, channelId: string): string {
  const name = world.channels.get(channelId)?.name ?? channelId;
  const shown = messagesOf(world, channelId).filter((message) => !message.threadTs || message.broadcast);
  return [`#${name}`, '', ...shown.flatMap((message) => [...printMessage(world, message), ''])].join('\n');
}

/** A message and its replies. */
export function printThread(world: World, channelId: string, ts: string): string {
  const root = findMessage(world, channelId, ts);
  if (!root) return `(there is no message ${ts})\n`;
  const replies = repliesOf(world, channelId, ts);
  const lines = [printMessage(world, root), ...replies.map((reply) => printMessage(world, reply, '    '))];
  return lines.flatMap((one) => [...one, '']).join('\n');
}

/** What one person was shown and nobody else. */
export function printEphemerals(world: World, userId: string): string {
  const own = world.ephemerals.filter((one) => one.to === userId);
  return own.flatMap((one) => [...printMessage(world, one), '']).join('\n');
}
