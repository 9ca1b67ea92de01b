// Whom a message calls: for the notification marks in a client.
import type { Message } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { inspectMessage } from './inspect.ts';

const CALLS_MEMBERS = new Set(['here', 'channel', 'everyone', 'group']);

/** Whether the message calls this person: by name, by a user group that they are in, or as everybody in the channel. */
export function isMentioned(world: World, userId: string, message: Message): boolean {
  return inspectMessage(message).some(({ kind, value, source }) => {
    // What nobody wrote as a mention is none on the screen either.
    if (source === 'auto') return false;
    if (kind === 'user_mention') return value === userId;
    if (kind === 'group_mention') return Boolean(world.usergroups.get(value)?.users.includes(userId));
    return kind === 'broadcast' && CALLS_MEMBERS.has(value);
  });
}
