// The parts that Slack's payloads have in common.
import type { Core } from '../core.ts';
import type { Channel, User } from '../world/model.ts';
import type { ResponseTarget } from '../world/single-use.ts';
import { isOurs } from '../world/world.ts';

/** The verification token of old: Slack still sends it, nobody should read it. */
export const LEGACY_TOKEN = 'legacy-verification-token';

export const responseUrl = (core: Core, target: ResponseTarget): string =>
  `${core.baseUrl}/response/${core.responseUrls.issue(target)}`;

export function channelName(channel: Channel): string {
  if (channel.isIm) return 'directmessage';
  if (channel.isMpim) return channel.name;
  return channel.isPrivate ? 'privategroup' : channel.name;
}

/** What a payload says of where somebody belongs: on an Enterprise Grid it is not always the same. */
export type Naming = 'home' | 'organisation' | 'nothing';

/** The person who acted. Their team is their own, which for Slack Connect is not the workspace's. */
export function userPart(core: Core, user: User, naming: Naming = 'home'): Record<string, string> {
  const { team } = core.world;
  const organisation = isOurs(core.world, user) ? team.enterprise : user.enterprise;
  const team_id = naming === 'organisation' ? (organisation?.id ?? user.teamId) : user.teamId;
  return {
    id: user.id,
    username: user.name,
    name: user.name,
    ...(naming === 'nothing' ? {} : { team_id }),
  };
}

/** The workspace that the app is installed in, whoever acted; none where it is installed for a whole organisation. */
export function workspacePart(core: Core): Record<string, unknown> {
  const { team, app } = core.world;
  const { id, domain, enterprise } = team;
  const grid = enterprise ? { enterprise_id: enterprise.id, enterprise_name: enterprise.name } : {};
  return {
    api_app_id: app.appId,
    token: LEGACY_TOKEN,
    team: team.orgWide ? null : { id, domain, ...grid },
    enterprise: enterprise ?? null,
    is_enterprise_install: team.orgWide ?? false,
  };
}
