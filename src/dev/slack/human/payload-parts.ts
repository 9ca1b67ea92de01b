// The parts that Slack's payloads have in common.
import type { Core } from '../core.ts';
import type { Channel, User } from '../world/model.ts';
import type { ResponseTarget } from '../world/single-use.ts';

/** The verification token of old: Slack still sends it, nobody should read it. */
export const LEGACY_TOKEN = 'legacy-verification-token';

export const responseUrl = (core: Core, target: ResponseTarget): string =>
  `${core.baseUrl}/response/${core.responseUrls.issue(target)}`;

export function channelName(channel: Channel): string {
  if (channel.isIm) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

/** The person who acted. Their team is their own, which for Slack Connect is not the workspace's. */
export const userPart = (user: User): Record<string, string> => ({
  id: user.id,
  username: user.name,
  name: user.name,
  team_id: user.teamId,
});

/** The workspace that the app is installed in, whoever acted. */
export function workspacePart(core: Core): Record<string, unknown> {
  const { team, app } = core.world;
  return {
    api_app_id: app.appId,
    token: LEGACY_TOKEN,
    team: {
      id: team.id,
      domain: team.domain,
      ...(team.enterprise
        ? { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }
        : {}),
    },
    enterprise: team.enterprise ?? null,
    is_enterprise_install: false,
  };
}
