// Where the app may write, and the code that Slack answers with where it may not.
import type { Core } from '../core.ts';
import type { Channel } from '../world/model.ts';
import { post } from '../world/posting.ts';
import { Refusal } from './refusal.ts';

/** The direct message between the bot and a person, opened when there is none. */
export function directMessage(core: Core, userId: string): Channel {
  const { world } = core;
  if (world.app.messagesTab === 'off') throw new Refusal('messages_tab_disabled');
  const members = [world.app.botUserId, userId];
  const known = [...world.channels.values()].find((one) => one.isIm && one.members.includes(userId));
  if (known) return known;
  const channel: Channel = { id: world.newId('D'), name: userId, isIm: true, members };
  world.channels.set(channel.id, channel);
  world.messages.set(channel.id, []);
  world.changes.announce({ kind: 'channels_changed', id: channel.id });
  return channel;
}

/** The conversation that the app can see, by its id. */
export function visibleChannel(core: Core, id: string): Channel {
  const channel = core.world.channels.get(id);
  const member = channel?.members.includes(core.world.app.botUserId);
  if (!channel || (channel.isPrivate && !member)) throw new Refusal('channel_not_found');
  return channel;
}

/** The channel that the app may write in; a person's id stands for the direct message with them. */
export function writableChannel(core: Core, id: string): Channel {
  const { world } = core;
  const user = world.users.get(id);
  if (user && user.id !== world.app.botUserId) return directMessage(core, user.id);
  const channel = visibleChannel(core, id);
  if (channel.isArchived) throw new Refusal('is_archived');
  const welcome = !channel.isPrivate && world.app.scopes.includes('chat:write.public');
  if (!channel.members.includes(world.app.botUserId) && !welcome) throw new Refusal('not_in_channel');
  return channel;
}

/** Puts an uploaded file where people see it: as a message of the app. */
export function shareFiles(
  core: Core,
  place: { channel: string; threadTs?: string },
  ids: readonly string[],
  comment: string,
): void {
  const { world } = core;
  const message = post(world, world.app.botUserId, place, { text: comment, files: ids });
  for (const id of ids) {
    const file = world.files.get(id);
    if (!file) continue;
    const share = {
      channel: place.channel,
      ts: message.ts,
      ...(place.threadTs ? { threadTs: place.threadTs } : {}),
    };
    world.files.set(id, { ...file, state: 'shared', shares: [...file.shares, share] });
    world.changes.announce({ kind: 'file_shared', fileId: id });
  }
}
