// A person sends off a modal, or closes it.
import type { Core } from '../core.ts';
import { readAppAnswer } from '../delivery/app-answer.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { isRecord } from '../validation/walk.ts';
import { viewShape } from '../web-api/view-shape.ts';
import { elementsOf } from '../world/elements.ts';
import type { User, View } from '../world/model.ts';
import { closeView, fillView, stackOf, troubleView, valuesOf, viewById } from '../world/view-stack.ts';
import type { Delivering } from './command.ts';
import { complaints } from './complaints.ts';
import { fieldsIn, type Values } from './fill.ts';
import { type Naming, responseUrl, userPart, workspacePart } from './payload-parts.ts';
import { person } from './presence.ts';
import { silent, TROUBLE } from './refusals.ts';
import { type Answered, applyViewAnswer } from './view-answer.ts';

export interface Submission extends Delivering {
  readonly user: string;
  /** The one on top where none is named. */
  readonly viewId?: string;
  /** What the person filled in besides what is filled in already. */
  readonly values?: Values;
  readonly naming?: Naming;
}

export interface Closing extends Delivering {
  readonly user: string;
  readonly viewId?: string;
  /** With the cross at the top, which closes every view on the stack. */
  readonly all?: boolean;
}

export interface Submitted extends Delivery, Answered {}

function openViewOf(core: Core, user: string, viewId: string | undefined): View {
  const stack = stackOf(core.world, user);
  const view = viewId ? stack.find((one) => one.id === viewId) : stack.at(-1);
  if (!view) throw new Error(`${user} has no modal open${viewId ? ` with the id ${viewId}` : ''}`);
  return view;
}

/** One address for each conversation picked in an input that asks for one. */
function responseUrls(core: Core, view: View): Record<string, unknown>[] {
  const values = valuesOf(core.world, view);
  return elementsOf(view.content.blocks).flatMap(({ blockId, element }) => {
    const action_id = String(element.action_id);
    const field = values[blockId]?.[action_id];
    const picked = field?.selected_conversation ?? field?.selected_channel;
    if (element.response_url_enabled !== true || typeof picked !== 'string') return [];
    const url = responseUrl(core, { user: view.user, channel: picked });
    return [{ block_id: blockId, action_id, channel_id: picked, response_url: url }];
  });
}

function parcelOf(core: Core, user: User, view: View, naming: Naming | undefined): Parcel {
  const triggerId = core.triggers.issue(user.id, view.conversation);
  return {
    what: 'view_submission',
    user: user.id,
    triggerId,
    payload: {
      type: 'view_submission',
      ...workspacePart(core),
      user: userPart(core, user, naming),
      trigger_id: triggerId,
      view: viewShape(core, view, valuesOf(core.world, view)),
      response_urls: responseUrls(core, view),
    },
  };
}

function answerIn(delivery: Delivery): Record<string, unknown> | undefined {
  try {
    return readAppAnswer('application/json', delivery.body);
  } catch {
    return { response_action: delivery.body };
  }
}

/** Sends the modal off; resolves when the app has acknowledged it or Slack has given up. */
export async function submitView(core: Core, courier: Courier, submission: Submission): Promise<Submitted> {
  const user = person(core, submission.user);
  const open = openViewOf(core, user.id, submission.viewId);
  if (!isRecord(open.content.submit) && !submission.sendAnyway)
    throw new Error('this modal has no submit button');
  const view = fillView(core.world, open, fieldsIn(core, open, submission.values ?? {}));
  const errors = complaints(view.content.blocks, valuesOf(core.world, view));
  if (Object.keys(errors).length > 0 && !submission.sendAnyway) {
    return { ...silent('an input is empty or wrong'), errors };
  }
  const [delivery] = await courier.deliver(parcelOf(core, user, view, submission.naming), submission);
  // Meanwhile the app may have updated it, or opened another one in its place.
  const now = viewById(core.world, view.id);
  if (!now) return delivery;
  if (delivery.outcome !== 'acknowledged') {
    troubleView(core.world, now, TROUBLE);
    return { ...delivery, trouble: TROUBLE };
  }
  return { ...delivery, ...applyViewAnswer(core.world, now, answerIn(delivery)) };
}

async function tellOfClosing(core: Core, courier: Courier, view: View, isCleared: boolean, closing: Closing) {
  if (view.content.notify_on_close !== true) return silent('the app did not ask to be told');
  const user = person(core, view.user);
  const payload = {
    type: 'view_closed',
    ...workspacePart(core),
    user: userPart(core, user),
    view: viewShape(core, view),
    is_cleared: isCleared,
  };
  const [delivery] = await courier.deliver({ what: 'view_closed', user: user.id, payload }, closing);
  return delivery;
}

/** Closes the modal on top, or all of them; the app hears of each that asked for that. Answers for the one on top. */
export async function closeModal(core: Core, courier: Courier, closing: Closing): Promise<Delivery> {
  const user = person(core, closing.user);
  const view = openViewOf(core, user.id, closing.viewId);
  const isCleared = closing.all === true || view.content.clear_on_close === true;
  const gone = isCleared ? stackOf(core.world, user.id).toReversed() : [view];
  for (const one of gone) closeView(core.world, one);
  const told = await Promise.all(gone.map((one) => tellOfClosing(core, courier, one, isCleared, closing)));
  return told[gone.indexOf(view)] ?? silent('it was gone');
}
