// What an app answers to a modal that was sent off: nothing, errors, or another view.
import { validateView } from '../validation/validate.ts';
import { isRecord } from '../validation/walk.ts';
import type { View } from '../world/model.ts';
import {
  closeView,
  pushView,
  stackOf,
  troubleView,
  updateView,
  viewByExternalId,
} from '../world/view-stack.ts';
import type { World } from '../world/world.ts';
import { TROUBLE } from './refusals.ts';

export interface Answered {
  /** Messages under the inputs, by block id; the modal stays open with them. */
  readonly errors?: Readonly<Record<string, string>>;
  /** What Slack says at the top of the modal, which stays open. */
  readonly trouble?: string;
  /** Why, in words that nobody sees in Slack. */
  readonly reason?: string;
}

/** Slack tells the person nothing but this, whatever was wrong with the answer. */
function refused(world: World, view: View, reason: string): Answered {
  troubleView(world, view, TROUBLE);
  return { trouble: TROUBLE, reason };
}

function withErrors(world: World, view: View, errors: unknown): Answered {
  const given = isRecord(errors) ? Object.entries(errors) : [];
  if (given.length === 0) return refused(world, view, 'the app answered with errors, and named none');
  const inputs = view.content.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const stray = given.find(([blockId]) => !inputs.includes(blockId));
  if (stray) return refused(world, view, `the app has an error for ${stray[0]}, which is no input block`);
  troubleView(world, view, undefined);
  return { errors: Object.fromEntries(given.map(([blockId, words]) => [blockId, String(words)])) };
}

function withView(world: World, view: View, next: unknown, action: 'update' | 'push'): Answered {
  const verdict = validateView(next);
  if (!verdict.ok || !isRecord(next) || next.type !== 'modal') {
    const [problem] = verdict.ok ? [] : verdict.problems;
    return refused(
      world,
      view,
      `the app answered with a view that Slack refuses: ${problem?.message ?? 'no modal'} ${problem?.pointer ?? ''}`,
    );
  }
  const taken = next.external_id ? viewByExternalId(world, String(next.external_id)) : undefined;
  if (taken && (action === 'push' || taken.id !== view.id))
    return refused(world, view, 'duplicate_external_id');
  if (action === 'update') updateView(world, view, next);
  else if (!pushView(world, view.user, next)) return refused(world, view, 'push_limit_reached');
  return {};
}

/** Does with the modal what the app answers; nothing closes it. */
export function applyViewAnswer(
  world: World,
  view: View,
  answer: Readonly<Record<string, unknown>> | undefined,
): Answered {
  switch (answer?.response_action) {
    case undefined:
      closeView(world, view);
      return {};
    case 'clear':
      for (const open of stackOf(world, view.user)) closeView(world, open);
      return {};
    case 'errors':
      return withErrors(world, view, answer?.errors);
    case 'update':
    case 'push':
      return withView(world, view, answer?.view, answer?.response_action);
    default:
      return refused(world, view, `unknown response_action ${String(answer?.response_action)}`);
  }
}
