// auth.test, users.info and usergroups.users.list: who is who.
import type { AuthTestResponse, UsergroupsUsersListResponse, UsersInfoResponse } from '@slack/web-api';
import type { Core } from '../core.ts';
import { botIdOf } from '../world/world.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { Refusal } from './refusal.ts';
import { userShape } from './shapes.ts';

function authTest(_args: Arguments, core: Core): AuthTestResponse {
  const { team, app } = core.world;
  return {
    ok: true,
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.botName,
    // A token for a whole organisation has the organisation in the team's place.
    team_id: team.orgWide && team.enterprise ? team.enterprise.id : team.id,
    user_id: app.botUserId,
    bot_id: botIdOf(app),
    app_id: app.appId,
    is_enterprise_install: team.orgWide ?? false,
    ...(team.enterprise ? { enterprise_id: team.enterprise.id } : {}),
  };
}

function usersInfo(args: Arguments, core: Core): UsersInfoResponse {
  const user = core.world.users.get(args.required('user'));
  if (!user) throw new Refusal('user_not_found');
  return { ok: true, user: userShape(core, user) };
}

function usergroupUsers(args: Arguments, core: Core): UsergroupsUsersListResponse {
  const group = core.world.usergroups.get(args.required('usergroup'));
  if (!group) throw new Refusal('no_such_subteam');
  const withDisabled = args.flag('include_disabled') ?? false;
  const users = group.users.filter((id) => withDisabled || !core.world.users.get(id)?.deleted);
  return { ok: true, users };
}

export const peopleMethods: Record<string, Method> = {
  'auth.test': { token: 'bot', scopes: always(), run: authTest },
  'users.info': { token: 'bot', scopes: always('users:read'), run: usersInfo },
  'usergroups.users.list': { token: 'bot', scopes: always('usergroups:read'), run: usergroupUsers },
};
