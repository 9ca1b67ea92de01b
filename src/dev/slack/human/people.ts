// What people do besides commands and clicks: write, come, go, and change in the directory.
import type { Core } from '../core.ts';
import type { Channel, Message, User } from '../world/model.ts';
import { edit, lock, post, takeAway, threadRoot } from '../world/posting.ts';
import { findMessage } from '../world/world.ts';
import { cannotAct, channel, person } from './presence.ts';

export interface Said {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
}

/** A person writes a message or a reply. */
export function say(core: Core, said: Said): Message {
  const where = channel(core, said.channel);
  const isRead = where.isIm && core.world.app.messagesTab === 'read_only';
  const unable = isRead
    ? 'sending messages to this app has been turned off'
    : cannotAct(core, person(core, said.user), where);
  if (unable) throw new Error(`${said.user} can't write in ${said.channel}: ${unable}`);
  const root = said.threadTs ? threadRoot(core.world, where.id, said.threadTs) : undefined;
  const place = { channel: where.id, ...(root ? { threadTs: root.ts } : {}) };
  return post(core.world, said.user, place, { text: said.text, parse: 'full' });
}

export interface Edited {
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
}

/** A person changes a message of their own. */
export function editOwn(core: Core, { user, channel: where, ts, text }: Edited): Message {
  const own = message(core, where, ts);
  if (own.user !== user || own.tombstone) throw new Error(`${user} can't edit this message`);
  const unable = cannotAct(core, person(core, user), channel(core, where));
  if (unable) throw new Error(`${user} can't edit in ${where}: ${unable}`);
  return edit(core.world, own, { text, parse: 'full' });
}

/** A person sends away what only they see. The app isn't told, and can't bring it back. */
export function dismiss(core: Core, { user, ts }: { readonly user: string; readonly ts: string }): void {
  const { ephemerals, changes } = core.world;
  const index = ephemerals.findIndex((one) => one.ts === ts && one.to === user);
  const found = ephemerals[index];
  if (!found) throw new Error(`${user} sees no ephemeral message ${ts}`);
  ephemerals[index] = { ...found, dismissed: true };
  changes.announce({ kind: 'ephemeral_deleted', user, ts });
}

function message(core: Core, channelId: string, ts: string): Message {
  const found = findMessage(core.world, channel(core, channelId).id, ts);
  if (!found) throw new Error(`there is no message ${ts} in ${channelId}`);
  return found;
}

/** Somebody who may deletes a message, the bot's for example. */
export function deleteMessage(core: Core, channelId: string, ts: string): void {
  takeAway(core.world, message(core, channelId, ts));
}

/** An admin locks a thread, or unlocks it: nobody can reply in it. */
export function lockThread(core: Core, channelId: string, ts: string, locked: boolean): void {
  lock(core.world, message(core, channelId, ts), locked);
}

/** Changes what Slack says about a person: deactivated, made a guest, renamed. */
export function changeUser(core: Core, id: string, change: Partial<User>): User {
  const changed = { ...person(core, id), ...change, id };
  core.world.users.set(id, changed);
  core.world.changes.announce({ kind: 'people_changed', id });
  return changed;
}

/** Changes a channel: archived, shared, renamed, other members. */
export function changeChannel(core: Core, id: string, change: Partial<Channel>): Channel {
  const changed = { ...channel(core, id), ...change, id };
  core.world.channels.set(id, changed);
  core.world.changes.announce({ kind: 'channels_changed', id });
  return changed;
}

/** Adds somebody, the bot for example, to a channel. */
export function invite(core: Core, channelId: string, userId: string): void {
  const { members } = channel(core, channelId);
  person(core, userId);
  if (!members.includes(userId)) changeChannel(core, channelId, { members: [...members, userId] });
}

/** Removes somebody from a channel. */
export function kick(core: Core, channelId: string, userId: string): void {
  const { members } = channel(core, channelId);
  changeChannel(core, channelId, { members: members.filter((id) => id !== userId) });
}
