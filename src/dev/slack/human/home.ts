// A person opens the app: its Home tab, or its messages to them.
import type { Core } from '../core.ts';
import type { Courier, Delivery } from '../delivery/deliver.ts';
import { directMessage } from '../web-api/access.ts';
import { viewShape } from '../web-api/view-shape.ts';
import type { User, View } from '../world/model.ts';
import { valuesOf } from '../world/view-stack.ts';
import { isOurs } from '../world/world.ts';
import type { Delivering } from './command.ts';
import { LEGACY_TOKEN } from './payload-parts.ts';
import { person } from './presence.ts';
import { silent } from './refusals.ts';

export interface HomeVisit extends Delivering {
  readonly user: string;
  /** The Home tab where nothing is said. */
  readonly tab?: 'home' | 'messages';
}

export interface HomeOpened extends Delivery {
  /** The direct message between the app and this person. */
  readonly channel: string;
  /** What was there before the app heard of it; what it publishes then is seen later. */
  readonly view?: View;
}

/** An event in its envelope. */
function eventPayload(core: Core, event: Record<string, unknown>): Record<string, unknown> {
  const { team, app } = core.world;
  const enterprise_id = team.enterprise?.id ?? null;
  const isOrgWide = team.orgWide ?? false;
  return {
    token: LEGACY_TOKEN,
    team_id: team.id,
    ...(enterprise_id === null ? {} : { enterprise_id }),
    api_app_id: app.appId,
    event,
    type: 'event_callback',
    event_id: core.world.newId('Ev'),
    event_time: Math.floor(core.world.now() / 1000),
    authorizations: [
      {
        enterprise_id,
        team_id: isOrgWide ? null : team.id,
        user_id: app.botUserId,
        is_bot: true,
        is_enterprise_install: isOrgWide,
      },
    ],
    is_ext_shared_channel: false,
  };
}

function whyNot(core: Core, user: User, tab: string): string | undefined {
  const { app } = core.world;
  if (user.deleted || user.isBot || !isOurs(core.world, user)) return 'this person has no such app';
  if (tab === 'home' && app.homeTab !== true) return 'the app has no Home tab';
  if (tab === 'messages' && app.messagesTab === 'off') return 'the app has no Messages tab';
  return undefined;
}

/** Opens the app; resolves when it has acknowledged that, where it is subscribed to it, or Slack has given up. */
export async function openHome(core: Core, courier: Courier, visit: HomeVisit): Promise<HomeOpened> {
  const { world } = core;
  const user = person(core, visit.user);
  const tab = visit.tab ?? 'home';
  const reason = visit.sendAnyway ? undefined : whyNot(core, user, tab);
  if (reason) throw new Error(`${user.id} can't open the app: ${reason}`);
  const channel = directMessage(core, user.id).id;
  const view = tab === 'home' ? world.homes.get(user.id) : undefined;
  const seen = { channel, ...(view ? { view } : {}) };
  if (!world.app.events?.includes('app_home_opened')) {
    return { ...silent('the app is not subscribed to app_home_opened'), ...seen };
  }
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel,
    tab,
    ...(view ? { view: viewShape(core, view, valuesOf(world, view)) } : {}),
    event_ts: (world.now() / 1000).toFixed(6),
  };
  const [delivery] = await courier.deliver(
    { what: 'event', user: user.id, payload: eventPayload(core, event) },
    visit,
  );
  return { ...delivery, ...seen };
}
