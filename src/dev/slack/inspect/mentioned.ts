// Whom a message calls: for the notification marks in a client.
import type { Message } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { Finding } from './finding.ts';
import { inspectMessage } from './inspect.ts';

const CALLS_MEMBERS = new Set(['here', 'channel', 'everyone', 'group']);

/** A message never changes, an edited one is another: what it calls is found once. */
const known = new WeakMap<Message, readonly Finding[]>();

function callsOf(message: Message): readonly Finding[] {
  const calls =
    known.get(message) ??
    // What nobody wrote as a mention is none on the screen either.
    inspectMessage(message).filter((one) => /mention|broadcast/.test(one.kind) && one.source !== 'auto');
  known.set(message, calls);
  return calls;
}

/** Whether the message calls this person: by name, by a user group that they are in, or as everybody in the channel. */
export function isMentioned(world: World, userId: string, message: Message): boolean {
  return callsOf(message).some(({ kind, value }) => {
    if (kind === 'user_mention') return value === userId;
    if (kind === 'group_mention') return Boolean(world.usergroups.get(value)?.users.includes(userId));
    return kind === 'broadcast' && CALLS_MEMBERS.has(value);
  });
}
