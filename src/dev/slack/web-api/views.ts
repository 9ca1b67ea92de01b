// views.*: modals, opened with a trigger id that is good once and for three seconds, and Home tabs.
import type {
  ViewsOpenResponse,
  ViewsPublishResponse,
  ViewsPushResponse,
  ViewsUpdateResponse,
} from '@slack/web-api';
import type { Core } from '../core.ts';
import type { Problem } from '../validation/problem.ts';
import { validateView } from '../validation/validate.ts';
import { isRecord } from '../validation/walk.ts';
import type { View } from '../world/model.ts';
import {
  openView,
  publishHome,
  pushView,
  updateView,
  viewByExternalId,
  viewById,
} from '../world/view-stack.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { insist, invalidArguments, Refusal, refusalOf } from './refusal.ts';
import { viewShape } from './view-shape.ts';

type Type = 'modal' | 'home';

function wrongType(type: Type): Refusal {
  const problem: Problem = {
    code: 'failed_constraint',
    message: `must be a view of type "${type}"`,
    pointer: '/view/type',
  };
  return refusalOf('invalid_arguments', [problem]);
}

/** The view that is given, as it may stand in place of `old`. */
function viewOf(args: Arguments, core: Core, type: Type, old?: View): Record<string, unknown> {
  const view = args.json('view');
  insist(validateView(view));
  if (!isRecord(view) || view.type !== type) throw wrongType(type);
  const externalId = view.external_id;
  if (typeof externalId === 'string' && externalId !== '') {
    const taken = viewByExternalId(core.world, externalId);
    if (taken && taken.id !== old?.id) throw new Refusal('duplicate_external_id');
  }
  return view;
}

function claimTrigger(args: Arguments, core: Core): { user: string; conversation?: string } {
  const claim = core.triggers.claim(args.required('trigger_id'));
  if (claim.kind === 'refused') throw new Refusal(claim.error);
  return claim;
}

function checkHash(args: Arguments, view: View | undefined): void {
  const hash = args.text('hash');
  if (hash && hash !== view?.hash) throw new Refusal('hash_conflict');
}

function open(args: Arguments, core: Core): ViewsOpenResponse {
  const view = viewOf(args, core, 'modal');
  return { ok: true, view: viewShape(core, openView(core.world, claimTrigger(args, core), view)) };
}

function push(args: Arguments, core: Core): ViewsPushResponse {
  const view = viewOf(args, core, 'modal');
  const pushed = pushView(core.world, claimTrigger(args, core).user, view);
  if (!pushed) throw new Refusal('push_limit_reached');
  return { ok: true, view: viewShape(core, pushed) as NonNullable<ViewsPushResponse['view']> };
}

function viewToUpdate(args: Arguments, core: Core): View {
  const [id, externalId] = [args.text('view_id'), args.text('external_id')];
  if (!id && !externalId) throw invalidArguments('must provide either view_id or external_id');
  const view = id ? viewById(core.world, id) : viewByExternalId(core.world, externalId ?? '');
  if (!view) throw new Refusal('not_found');
  return view;
}

function update(args: Arguments, core: Core): ViewsUpdateResponse {
  // What is wrong with the view is said even where there is none to update.
  insist(validateView(args.json('view')));
  const view = viewToUpdate(args, core);
  const content = viewOf(args, core, view.content.type === 'home' ? 'home' : 'modal', view);
  checkHash(args, view);
  const updated = viewShape(core, updateView(core.world, view, content));
  return { ok: true, view: updated as NonNullable<ViewsUpdateResponse['view']> };
}

function publish(args: Arguments, core: Core): ViewsPublishResponse {
  const userId = args.required('user_id');
  const user = core.world.users.get(userId);
  const old = core.world.homes.get(userId);
  const content = viewOf(args, core, 'home', old);
  if (core.world.app.homeTab !== true) throw new Refusal('not_enabled');
  if (!user || user.deleted || user.isBot) throw invalidArguments('invalid user_id');
  checkHash(args, old);
  const published = viewShape(core, publishHome(core.world, userId, content));
  return { ok: true, view: published as NonNullable<ViewsPublishResponse['view']> };
}

/** Neither modals nor Home tabs take a scope. */
const withoutScope = (run: Method['run']): Method => ({ token: 'bot', scopes: always(), run });

export const viewMethods: Record<string, Method> = {
  'views.open': withoutScope(open),
  'views.publish': withoutScope(publish),
  'views.push': withoutScope(push),
  'views.update': withoutScope(update),
};
