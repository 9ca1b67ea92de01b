// Who may do what in Slack's client, before anything is sent to an app.
import type { Core } from '../core.ts';
import type { Channel, User } from '../world/model.ts';
import { isOurs } from '../world/world.ts';

/** A person as named by the test; a name that nobody has is a mistake in the test. */
export function person(core: Core, id: string): User {
  const user = core.world.users.get(id);
  if (!user) throw new Error(`there is no user ${id} in this Slack`);
  return user;
}

/** A channel as named by the test. */
export function channel(core: Core, id: string): Channel {
  const found = core.world.channels.get(id);
  if (!found) throw new Error(`there is no channel ${id} in this Slack`);
  return found;
}

/** Why this person can't act in this channel, if so. */
export function cannotAct(core: Core, user: User, where: Channel): string | undefined {
  if (user.deleted) return 'this account is deactivated';
  if (user.isBot) return 'a bot does not use the client';
  if (where.isArchived) return 'this channel is archived';
  if (where.members.includes(user.id)) return undefined;
  const openToAll = !where.isPrivate && !where.isIm && !user.isRestricted && !user.isUltraRestricted;
  return openToAll && isOurs(core.world, user) ? undefined : 'this person is not in the channel';
}
