// What a person has in front of them when they click, pick or search: a message, an ephemeral message, or a view.
import type { Core } from '../core.ts';
import type { Block } from '../validation/walk.ts';
import { messageShape, threadMessageShape } from '../web-api/shapes.ts';
import { viewShape } from '../web-api/view-shape.ts';
import type { Ephemeral, Message, View } from '../world/model.ts';
import { stackOf, valuesOf, viewById } from '../world/view-stack.ts';
import { findMessage } from '../world/world.ts';
import { channelName } from './payload-parts.ts';
import { channel } from './presence.ts';

export interface Where {
  readonly user: string;
  /** The message, ephemeral or not, by its time; or the view. */
  readonly ts?: string;
  readonly channel?: string;
  readonly viewId?: string;
  /** The blocks on this person's screen, where they are older than the message is now. */
  readonly seen?: readonly Block[];
}

export type Source =
  | { readonly kind: 'message'; readonly message: Message; readonly blocks: readonly Block[] }
  | { readonly kind: 'ephemeral'; readonly message: Ephemeral; readonly blocks: readonly Block[] }
  | { readonly kind: 'view'; readonly view: View; readonly blocks: readonly Block[] };

/** The open view that is named, else the modal on top, else the Home tab. */
export function viewOf(core: Core, user: string, viewId?: string): View {
  const { world } = core;
  const view = viewId ? viewById(world, viewId) : (stackOf(world, user).at(-1) ?? world.homes.get(user));
  if (view?.user !== user) throw new Error(`${user} has no modal ${viewId ? `${viewId} open` : 'open'}`);
  return view;
}

/** Throws where the person has nothing of the kind in front of them. */
export function sourceOf(core: Core, { user, ts = '', channel: where = '', viewId, seen }: Where): Source {
  if (viewId) {
    const view = viewOf(core, user, viewId);
    return { kind: 'view', view, blocks: view.content.blocks };
  }
  const ephemeral = core.world.ephemerals.find((one) => one.ts === ts && one.to === user && !one.dismissed);
  if (ephemeral) return { kind: 'ephemeral', message: ephemeral, blocks: seen ?? ephemeral.blocks ?? [] };
  const message = findMessage(core.world, where, ts);
  // With an old copy on the screen, the message itself may be gone by now.
  if (!message) throw new Error(`${user} sees no message ${ts} in ${where}`);
  return { kind: 'message', message, blocks: seen ?? message.blocks ?? [] };
}

/** A payload's container, and what it contains: a view with its values, or a message in its channel. */
export function containerOf(core: Core, source: Source): Record<string, unknown> {
  if (source.kind === 'view') {
    const { view } = source;
    return {
      container: { type: 'view', view_id: view.id },
      view: viewShape(core, view, valuesOf(core.world, view)),
    };
  }
  const { message } = source;
  const isEphemeral = source.kind === 'ephemeral';
  const where = channel(core, message.channel);
  const shape = source.kind === 'message' ? threadMessageShape(core, message) : messageShape(core, message);
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: where.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    channel: { id: where.id, name: channelName(where) },
    // Of an ephemeral message Slack sends the container only.
    ...(isEphemeral ? {} : { message: shape }),
  };
}
