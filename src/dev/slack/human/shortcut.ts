// A person uses a shortcut: a global one from anywhere, or one of a message's menu.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { threadMessageShape } from '../web-api/shapes.ts';
import type { User } from '../world/model.ts';
import type { Shortcut } from '../world/world.ts';
import { findMessage, isOurs } from '../world/world.ts';
import type { Delivering } from './command.ts';
import { channelName, type Naming, responseUrl, userPart, workspacePart } from './payload-parts.ts';
import { cannotAct, channel, person } from './presence.ts';
import { notSent, tellOfFailure } from './refusals.ts';

export interface GlobalUse extends Delivering {
  readonly user: string;
  readonly callbackId: string;
  readonly naming?: Naming;
  /** What the person is looking at; the app isn't told. */
  readonly channel?: string;
}

export interface MessageUse extends Delivering {
  readonly user: string;
  readonly callbackId: string;
  readonly naming?: Naming;
  readonly channel: string;
  readonly ts: string;
}

function registered(core: Core, type: Shortcut['type'], callbackId: string): Shortcut {
  const all = core.world.app.shortcuts ?? [];
  const found = all.find((one) => one.type === type && one.callback_id === callbackId);
  if (found) return found;
  throw new Error(
    `the app has no ${type} shortcut ${callbackId}, but ${all.map((one) => one.callback_id).join(', ')}`,
  );
}

/** The people of another organisation don't have this one's apps. */
function unable(core: Core, user: User): string | undefined {
  if (user.deleted) return 'this account is deactivated';
  if (user.isBot) return 'a bot does not use the client';
  return isOurs(core.world, user) ? undefined : 'this app is not in your workspace';
}

/** What both kinds tell of who uses it, and when. */
const usedBy = (core: Core, user: User, use: GlobalUse | MessageUse, triggerId: string) => ({
  ...workspacePart(core),
  user: userPart(core, user, use.naming),
  trigger_id: triggerId,
  action_ts: (core.world.now() / 1000).toFixed(6),
});

async function send(
  core: Core,
  courier: Courier,
  parcel: Parcel,
  where: string,
  use: GlobalUse,
  name: string,
) {
  const deliveries = await courier.deliver(parcel, use);
  for (const delivery of deliveries) tellOfFailure(core, delivery, use.user, where, name);
  return deliveries[0];
}

/** Uses a global shortcut; resolves when the app has acknowledged it or Slack has given up. */
export async function openShortcut(core: Core, courier: Courier, use: GlobalUse): Promise<Delivery> {
  const user = person(core, use.user);
  const { callback_id, name } = registered(core, 'global', use.callbackId);
  const where = use.channel ?? '';
  const reason = use.sendAnyway ? undefined : unable(core, user);
  if (reason) return notSent(core, user.id, where, reason);
  const triggerId = core.triggers.issue(user.id, use.channel);
  const payload = { type: 'shortcut', ...usedBy(core, user, use, triggerId), callback_id };
  return send(core, courier, { what: 'shortcut', user: user.id, triggerId, payload }, where, use, name);
}

/** Uses a shortcut of a message's menu, in any channel that the person is in: the bot needn't be there. */
export async function messageShortcut(core: Core, courier: Courier, use: MessageUse): Promise<Delivery> {
  const user = person(core, use.user);
  const where = channel(core, use.channel);
  const { callback_id, name } = registered(core, 'message', use.callbackId);
  const message = findMessage(core.world, where.id, use.ts);
  if (!message || message.tombstone) throw new Error(`${user.id} sees no message ${use.ts} in ${where.id}`);
  const reason = use.sendAnyway ? undefined : (unable(core, user) ?? cannotAct(core, user, where));
  if (reason) return notSent(core, user.id, where.id, reason);
  const triggerId = core.triggers.issue(user.id, where.id);
  const payload = {
    type: 'message_action',
    ...usedBy(core, user, use, triggerId),
    callback_id,
    message_ts: message.ts,
    message: threadMessageShape(core, message),
    channel: { id: where.id, name: channelName(where) },
    response_url: responseUrl(core, { user: user.id, channel: where.id }),
  };
  return send(
    core,
    courier,
    { what: 'message_action', user: user.id, triggerId, payload },
    where.id,
    use,
    name,
  );
}
