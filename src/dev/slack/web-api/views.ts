// views.*: modals, opened with a trigger id that is good once and for three seconds.
import type { ViewsOpenResponse, ViewsPushResponse, ViewsUpdateResponse } from '@slack/web-api';
import type { Core } from '../core.ts';
import { validateView } from '../validation/validate.ts';
import { isRecord } from '../validation/walk.ts';
import type { View } from '../world/model.ts';
import { openView, pushView, updateView, viewByExternalId } from '../world/view-stack.ts';
import { botIdOf } from '../world/world.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { insist, invalidArguments, Refusal } from './refusal.ts';

type ViewShape = NonNullable<ViewsOpenResponse['view']>;

/** A view as Slack answers it and sends it with payloads. */
export function viewShape(core: Core, view: View): ViewShape {
  const { team, app } = core.world;
  return {
    private_metadata: '',
    callback_id: '',
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    external_id: '',
    ...view.content,
    id: view.id,
    team_id: team.id,
    state: { values: {} },
    hash: view.hash,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.appId,
    app_installed_team_id: team.id,
    bot_id: botIdOf(app),
  } as unknown as ViewShape;
}

function viewOf(args: Arguments, core: Core): Record<string, unknown> {
  const view = args.json('view');
  insist(validateView(view));
  if (!isRecord(view) || view.type !== 'modal') throw invalidArguments('must provide a modal');
  const externalId = view.external_id;
  if (typeof externalId === 'string' && externalId !== '') {
    const taken = viewByExternalId(core.world, externalId);
    if (taken && args.text('view_id') !== taken.id && args.text('external_id') !== externalId) {
      throw new Refusal('duplicate_external_id');
    }
  }
  return view;
}

function claimTrigger(args: Arguments, core: Core): string {
  const claim = core.triggers.claim(args.required('trigger_id'));
  if (claim.kind === 'refused') throw new Refusal(claim.error);
  return claim.user;
}

function open(args: Arguments, core: Core): ViewsOpenResponse {
  const view = viewOf(args, core);
  return { ok: true, view: viewShape(core, openView(core.world, claimTrigger(args, core), view)) };
}

function push(args: Arguments, core: Core): ViewsPushResponse {
  const view = viewOf(args, core);
  const pushed = pushView(core.world, claimTrigger(args, core), view);
  if (!pushed) throw new Refusal('push_limit_reached');
  return { ok: true, view: viewShape(core, pushed) as NonNullable<ViewsPushResponse['view']> };
}

function update(args: Arguments, core: Core): ViewsUpdateResponse {
  const content = viewOf(args, core);
  const externalId = args.text('external_id');
  const id = args.text('view_id');
  const view = id
    ? core.world.views.get(id)
    : externalId
      ? viewByExternalId(core.world, externalId)
      : undefined;
  if (!view?.open) throw new Refusal('not_found');
  const hash = args.text('hash');
  if (hash && hash !== view.hash) throw new Refusal('hash_conflict');
  const updated = viewShape(core, updateView(core.world, view, content));
  return { ok: true, view: updated as NonNullable<ViewsUpdateResponse['view']> };
}

const modal = (run: Method['run']): Method => ({ token: 'bot', scopes: always(), run });

export const viewMethods: Record<string, Method> = {
  'views.open': modal(open),
  'views.push': modal(push),
  'views.update': modal(update),
};
