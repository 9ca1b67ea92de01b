// A person clicks a button or picks an option, in a message, an ephemeral message or a modal.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { type Block, isRecord } from '../validation/walk.ts';
import { messageShape, threadMessageShape } from '../web-api/shapes.ts';
import { viewShape } from '../web-api/views.ts';
import type { Ephemeral, Message, User, View } from '../world/model.ts';
import { findMessage } from '../world/world.ts';
import type { Delivering } from './command.ts';
import { type Element, filledIn, findElement, stateValues, type Value } from './elements.ts';
import { channelName, type Naming, responseUrl, userPart, workspacePart } from './payload-parts.ts';
import { cannotAct, channel, person } from './presence.ts';
import { notSent, tellOfFailure } from './refusals.ts';

export interface Click extends Delivering {
  readonly user: string;
  readonly actionId: string;
  readonly blockId?: string;
  /** The message, ephemeral or not, by its time; or the modal. */
  readonly ts?: string;
  readonly viewId?: string;
  readonly channel?: string;
  /** What the person does with the confirmation dialog. Without it the dialog stays open and nothing is sent. */
  readonly confirm?: 'accept' | 'deny';
  /** The option or options chosen, for anything but a button. */
  readonly value?: Value;
  /** What the payload says of where the person belongs: their home workspace where nothing is said. */
  readonly naming?: Naming;
  /** The blocks on this person's screen, where they are older than the message is now. */
  readonly seen?: readonly Block[];
}

type Source =
  | { readonly kind: 'message'; readonly message: Message; readonly blocks: readonly Block[] }
  | { readonly kind: 'ephemeral'; readonly message: Ephemeral; readonly blocks: readonly Block[] }
  | { readonly kind: 'view'; readonly view: View; readonly blocks: readonly Block[] };

function sourceOf(core: Core, click: Click): Source {
  if (click.viewId) {
    const view = core.world.views.get(click.viewId);
    if (!view?.open || view.user !== click.user)
      throw new Error(`${click.user} has no modal ${click.viewId} open`);
    return { kind: 'view', view, blocks: view.content.blocks };
  }
  const { ts = '', channel: where = '', seen } = click;
  const ephemeral = core.world.ephemerals.find((one) => one.ts === ts && one.to === click.user);
  if (ephemeral) return { kind: 'ephemeral', message: ephemeral, blocks: seen ?? ephemeral.blocks ?? [] };
  const message = findMessage(core.world, where, ts);
  // With an old copy on the screen, the message itself may be gone by now.
  if (!message) throw new Error(`${click.user} sees no message ${ts} in ${where}`);
  return { kind: 'message', message, blocks: seen ?? message.blocks ?? [] };
}

function action(
  core: Core,
  { blockId, element }: Element,
  value: Value | undefined,
): Record<string, unknown> {
  const { action_id, type, text, style } = element;
  const chosen =
    type === 'button'
      ? element.value === undefined
        ? {}
        : { value: element.value }
      : filledIn(element, value ?? '');
  return {
    action_id,
    block_id: blockId,
    ...(isRecord(text) ? { text } : {}),
    ...chosen,
    ...(style ? { style } : {}),
    type,
    action_ts: (core.world.now() / 1000).toFixed(6),
  };
}

function whereabouts(core: Core, user: User, source: Source): Record<string, unknown> {
  if (source.kind === 'view') {
    const view = viewShape(core, source.view);
    return { container: { type: 'view', view_id: source.view.id }, view };
  }
  const { message } = source;
  const isEphemeral = source.kind === 'ephemeral';
  const where = channel(core, message.channel);
  const shape = source.kind === 'message' ? threadMessageShape(core, message) : messageShape(core, message);
  const target = {
    user: user.id,
    channel: where.id,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    source: { kind: source.kind, ts: message.ts },
  };
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
    response_url: responseUrl(core, target),
  };
}

function parcelOf(core: Core, user: User, source: Source, found: Element, click: Click): Parcel {
  const triggerId = core.triggers.issue(user.id);
  const chosen = click.value === undefined ? {} : { [click.actionId]: click.value };
  return {
    what: 'block_actions',
    user: user.id,
    triggerId,
    payload: {
      type: 'block_actions',
      user: userPart(core, user, click.naming),
      ...workspacePart(core),
      ...whereabouts(core, user, source),
      state: { values: stateValues(source.blocks, chosen) },
      trigger_id: triggerId,
      actions: [action(core, found, click.value)],
    },
  };
}

/** Clicks; resolves when the app has acknowledged it or Slack has given up. */
export async function clickOn(core: Core, courier: Courier, click: Click): Promise<Delivery> {
  const user = person(core, click.user);
  const source = sourceOf(core, click);
  const place = source.kind === 'view' ? undefined : channel(core, source.message.channel);
  const unable = place && !click.sendAnyway ? cannotAct(core, user, place) : undefined;
  if (place && unable) return notSent(core, user.id, place.id, unable);
  const found = findElement(source.blocks, click.actionId, click.blockId);
  if (found.element.confirm !== undefined && click.confirm !== 'accept') {
    const reason = click.confirm === 'deny' ? 'the person said no' : 'the confirmation dialog is open';
    return { id: 'none', outcome: 'not_sent', body: '', contentType: '', reason };
  }
  const deliveries = await courier.deliver(parcelOf(core, user, source, found, click), click);
  for (const delivery of deliveries) {
    tellOfFailure(core, delivery, user.id, place?.id ?? '', click.actionId);
  }
  return deliveries[0];
}
