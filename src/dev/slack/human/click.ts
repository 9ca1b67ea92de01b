// A person clicks a button or picks an option, in a message, an ephemeral message, a modal or a Home tab.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { isRecord } from '../validation/walk.ts';
import { type Element, elementsOf, findElement } from '../world/elements.ts';
import { filledIn, isInState, type Value } from '../world/fields.ts';
import type { Field, User } from '../world/model.ts';
import { fillView, troubleView, viewById } from '../world/view-stack.ts';
import { stateOf } from '../world/view-state.ts';
import type { Delivering } from './command.ts';
import { keyOf } from './fill.ts';
import { type Naming, responseUrl, userPart, workspacePart } from './payload-parts.ts';
import { cannotAct, channel, person } from './presence.ts';
import { notSent, silent, TROUBLE, tellOfFailure } from './refusals.ts';
import { containerOf, type Source, sourceOf, viewOf, type Where } from './source.ts';

export interface Click extends Delivering, Where {
  readonly actionId: string;
  readonly blockId?: string;
  /** What the person does with the confirmation dialog. Without it the dialog stays open and nothing is sent. */
  readonly confirm?: 'accept' | 'deny';
  /** The option or options chosen, for anything but a button. */
  readonly value?: Value;
  /** What the payload says of where the person belongs: their home workspace where nothing is said. */
  readonly naming?: Naming;
}

function action(core: Core, { blockId, element }: Element, chosen: Field): Record<string, unknown> {
  const { action_id, type, text, style } = element;
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

/** What was chosen; a button has its value. */
function chosenIn(core: Core, source: Source, found: Element, { user, value }: Click): Field {
  const { element } = found;
  if (element.type === 'button' || element.type === 'workflow_button') {
    return element.value === undefined ? {} : { value: element.value };
  }
  const offered = core.offers.of(keyOf(user, source, found));
  if (value === undefined) throw new Error(`${String(element.action_id)} needs a value to be chosen`);
  return filledIn(element, value, offered);
}

function responsePart(core: Core, user: User, source: Source): Record<string, unknown> {
  if (source.kind === 'view') return {};
  const { message } = source;
  const target = {
    user: user.id,
    channel: channel(core, message.channel).id,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    source: { kind: source.kind, ts: message.ts },
  };
  return { response_url: responseUrl(core, target) };
}

/** In a view what was chosen is there to stay; of a message only this choice is known. */
function withChoice(core: Core, source: Source, { blockId, element }: Element, chosen: Field): Source {
  const fields = isInState(element) ? { [blockId]: { [String(element.action_id)]: chosen } } : {};
  return source.kind === 'view' ? { ...source, view: fillView(core.world, source.view, fields) } : source;
}

function parcelOf(core: Core, user: User, source: Source, found: Element, click: Click): Parcel {
  const chosen = chosenIn(core, source, found, click);
  const now = withChoice(core, source, found, chosen);
  const where = now.kind === 'view' ? now.view.conversation : now.message.channel;
  const triggerId = core.triggers.issue(user.id, where);
  const { blockId, element } = found;
  const state = {
    values: stateOf(elementsOf(now.blocks), { [blockId]: { [String(element.action_id)]: chosen } }),
  };
  return {
    what: 'block_actions',
    user: user.id,
    triggerId,
    payload: {
      type: 'block_actions',
      user: userPart(core, user, click.naming),
      ...workspacePart(core),
      ...containerOf(core, now),
      ...responsePart(core, user, now),
      // A view's values stand in the view.
      ...(now.kind === 'view' ? {} : { state }),
      trigger_id: triggerId,
      actions: [action(core, found, chosen)],
    },
  };
}

/** Of an input block the app hears at once only where it asked for that. */
function dispatches({ blocks }: Source, { blockId }: Element): boolean {
  const block = blocks.find((one) => String(one.block_id) === blockId);
  return block?.type !== 'input' || block.dispatch_action === true;
}

/** What the person sees of an app that didn't answer. */
function tell(core: Core, delivery: Delivery, source: Source, click: Click): void {
  if (source.kind !== 'view') {
    tellOfFailure(core, delivery, click.user, source.message.channel, click.actionId);
    return;
  }
  const view = viewById(core.world, source.view.id);
  if (view) troubleView(core.world, view, delivery.outcome === 'acknowledged' ? undefined : TROUBLE);
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
    return silent(click.confirm === 'deny' ? 'the person said no' : 'the confirmation dialog is open');
  }
  if (!dispatches(source, found)) {
    withChoice(core, source, found, chosenIn(core, source, found, click));
    return silent('the input waits until the view is sent off: it has no dispatch_action');
  }
  const deliveries = await courier.deliver(parcelOf(core, user, source, found, click), click);
  for (const delivery of deliveries) tell(core, delivery, source, click);
  return deliveries[0];
}

/** Clicks in the modal on top or, where none is open, in the Home tab. */
export const clickInView = (core: Core, courier: Courier, click: Click): Promise<Delivery> =>
  clickOn(core, courier, { ...click, viewId: viewOf(core, click.user, click.viewId).id });
