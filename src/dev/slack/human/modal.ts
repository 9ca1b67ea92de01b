// A person sends off a modal, or closes it.
import type { Core } from '../core.ts';
import { readAppAnswer } from '../delivery/app-answer.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import type { Parcel } from '../delivery/parcel.ts';
import { validateView } from '../validation/validate.ts';
import { isRecord } from '../validation/walk.ts';
import { viewShape } from '../web-api/views.ts';
import type { View } from '../world/model.ts';
import { closeView, pushView, stackOf, updateView } from '../world/view-stack.ts';
import type { Delivering } from './command.ts';
import { stateValues, type Value } from './elements.ts';
import { userPart, workspacePart } from './payload-parts.ts';
import { person } from './presence.ts';
import { tellOfFailure } from './refusals.ts';

export interface Submission extends Delivering {
  readonly user: string;
  /** The one on top where none is named. */
  readonly viewId?: string;
  /** What the person filled in, by action id. */
  readonly values?: Readonly<Record<string, Value>>;
}

export interface Submitted extends Delivery {
  /** Messages under the inputs, by block id; the modal stays open with them. */
  readonly errors?: Readonly<Record<string, string>>;
}

function openViewOf(core: Core, user: string, viewId: string | undefined): View {
  const stack = stackOf(core.world, user);
  const view = viewId ? stack.find((one) => one.id === viewId) : stack.at(-1);
  if (!view) throw new Error(`${user} has no modal open${viewId ? ` with the id ${viewId}` : ''}`);
  return view;
}

/** Inputs that must not stay empty: Slack's client doesn't send the modal off without them. */
function missingInputs(view: View, values: Record<string, Record<string, unknown>>): string[] {
  const required = view.content.blocks.filter((block) => block.type === 'input' && block.optional !== true);
  return required.flatMap((block) => {
    const fields = Object.values(values[String(block.block_id)] ?? {}).filter(isRecord);
    const filled = fields.some(({ type: _, ...rest }) =>
      Object.values(rest).some((v) => v !== null && v !== ''),
    );
    return filled ? [] : [String(block.block_id)];
  });
}

function applyResponse(
  core: Core,
  view: View,
  answer: Record<string, unknown> | undefined,
): Submitted['errors'] {
  const { world } = core;
  if (answer?.response_action === undefined) {
    closeView(world, view);
    return undefined;
  }
  switch (answer.response_action) {
    case 'clear':
      for (const open of stackOf(world, view.user)) closeView(world, open);
      return undefined;
    case 'errors':
      return isRecord(answer.errors)
        ? Object.fromEntries(Object.entries(answer.errors).map(([key, value]) => [key, String(value)]))
        : {};
    case 'update':
    case 'push': {
      const next = isRecord(answer.view) ? answer.view : {};
      const verdict = validateView(next);
      if (!verdict.ok)
        throw new Error(`the app answered with a view that Slack refuses: ${verdict.problems[0]?.message}`);
      if (answer.response_action === 'update') updateView(world, view, next);
      else pushView(world, view.user, next);
      return undefined;
    }
    default:
      throw new Error(`unknown response_action ${String(answer.response_action)}`);
  }
}

/** Sends the modal off; resolves when the app has acknowledged it or Slack has given up. */
export async function submitView(core: Core, courier: Courier, submission: Submission): Promise<Submitted> {
  const user = person(core, submission.user);
  const view = openViewOf(core, user.id, submission.viewId);
  const values = stateValues(view.content.blocks, submission.values ?? {});
  const missing = missingInputs(view, values);
  if (missing.length > 0 && !submission.sendAnyway) {
    const errors = Object.fromEntries(missing.map((id) => [id, 'Please complete this required field.']));
    return {
      id: 'none',
      outcome: 'not_sent',
      body: '',
      contentType: '',
      reason: 'a required input is empty',
      errors,
    };
  }
  const triggerId = core.triggers.issue(user.id);
  const parcel: Parcel = {
    what: 'view_submission',
    user: user.id,
    triggerId,
    payload: {
      type: 'view_submission',
      ...workspacePart(core),
      user: userPart(core, user),
      trigger_id: triggerId,
      view: { ...viewShape(core, view), state: { values } },
      response_urls: [],
    },
  };
  const [delivery] = await courier.deliver(parcel, submission);
  tellOfFailure(core, delivery, user.id, '', 'the form');
  if (delivery.outcome !== 'acknowledged') return delivery;
  const errors = applyResponse(core, view, readAppAnswer('application/json', delivery.body));
  return { ...delivery, ...(errors ? { errors } : {}) };
}

/** Closes the modal; the app hears of it only if it asked to. */
export async function closeModal(core: Core, courier: Courier, closing: Submission): Promise<Delivery> {
  const user = person(core, closing.user);
  const view = openViewOf(core, user.id, closing.viewId);
  const isCleared = view.content.clear_on_close === true;
  for (const open of isCleared ? stackOf(core.world, user.id) : [view]) closeView(core.world, open);
  if (view.content.notify_on_close !== true) {
    return {
      id: 'none',
      outcome: 'not_sent',
      body: '',
      contentType: '',
      reason: 'the app did not ask to be told',
    };
  }
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
