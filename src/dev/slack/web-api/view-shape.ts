// A view in the shape that Slack's answers and payloads have.
import type { ViewsOpenResponse } from '@slack/web-api';
import type { Core } from '../core.ts';
import type { FieldsByBlock, View } from '../world/model.ts';
import { botIdOf } from '../world/world.ts';

export type ViewShape = NonNullable<ViewsOpenResponse['view']>;

/** A view as Slack answers it and sends it with payloads, which alone have values. */
export function viewShape(core: Core, view: View, values: FieldsByBlock = {}): ViewShape {
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
    state: { values },
    hash: view.hash,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.appId,
    app_installed_team_id: team.id,
    bot_id: botIdOf(app),
  } as unknown as ViewShape;
}
