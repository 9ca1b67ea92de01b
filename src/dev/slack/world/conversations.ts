// Which conversations a person can pick in a select, and which are theirs to see at all.
import type { Channel } from './model.ts';
import { isOurs, type World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;
type Kind = 'im' | 'mpim' | 'private' | 'public';

const kindOf = (channel: Channel): Kind =>
  channel.isIm ? 'im' : channel.isMpim ? 'mpim' : channel.isPrivate ? 'private' : 'public';

/** A person's own conversations, and for members of the workspace the open channels. */
export function visibleTo(world: World, userId: string): Channel[] {
  const user = world.users.get(userId);
  if (!user) return [];
  const isMember = isOurs(world, user) && !user.isRestricted && !user.isUltraRestricted;
  return [...world.channels.values()].filter(
    (one) => one.members.includes(userId) || (isMember && kindOf(one) === 'public'),
  );
}

/** What a select of channels or conversations lists for this person; archived channels never. */
export function conversationsFor(world: World, userId: string, element: Json): Channel[] {
  const type = String(element.type);
  const filter = (element.filter ?? {}) as {
    readonly include?: readonly Kind[];
    readonly exclude_external_shared_channels?: boolean;
    readonly exclude_bot_users?: boolean;
  };
  const kinds = type.includes('channels')
    ? ['public']
    : (filter.include ?? ['im', 'mpim', 'private', 'public']);
  return visibleTo(world, userId).filter(
    (one) =>
      !one.isArchived &&
      kinds.includes(kindOf(one)) &&
      !(filter.exclude_external_shared_channels && one.isExtShared) &&
      !(filter.exclude_bot_users && one.isIm && one.members.includes(world.app.botUserId)),
  );
}
