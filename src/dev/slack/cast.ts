// The people and channels that tests and the demo play with.
import type { Channel, Team, User, Usergroup } from './world/model.ts';

export interface Cast {
  readonly team: Team;
  readonly users: User[];
  readonly channels: Channel[];
  readonly usergroups: Usergroup[];
  readonly bot: { readonly appId: string; readonly botUserId: string; readonly botName: string };
}

const HOME = 'T0ONRAMP';
const ELSEWHERE = 'T0OTHERCO';
const BOT = 'U0RETRYBOT';
const AMSTERDAM = { tz: 'Europe/Amsterdam', tzOffset: 7_200 };

const colleague = (id: string, name: string, realName: string, more: Partial<User> = {}): User => ({
  id,
  name,
  realName,
  teamId: HOME,
  email: `${name}@onramp.example`,
  ...AMSTERDAM,
  ...more,
});

/**
 * A workspace with somebody of every kind that a bot has to tell apart, and a channel of every kind. The bot is
 * in #incident-onramp, #ext-acme and the private channel; it is not in #general.
 */
export function defaultCast(): Cast {
  const everybody = ['U0ONCALL', 'U0ADMIN', 'U0ADMIN2', 'U0GONE', 'U0OTHERBOT'];
  return {
    team: { id: HOME, name: 'OnRamp', domain: 'onramp' },
    users: [
      colleague('U0ONCALL', 'nadia', 'Nadia Okafor'),
      colleague('U0ADMIN', 'priya', 'Priya Raman', { isAdmin: true }),
      colleague('U0ADMIN2', 'tomas', 'Tomás Herrera', { tz: 'America/Bogota', tzOffset: -18_000 }),
      colleague('U0GUEST', 'guest', 'Gil Guest', { isRestricted: true, isUltraRestricted: true }),
      {
        id: 'U0EXTERN',
        name: 'erin',
        realName: 'Erin Extern',
        teamId: ELSEWHERE,
        ...AMSTERDAM,
        isStranger: true,
      },
      colleague('U0GONE', 'gone', 'Gus Gone', { deleted: true }),
      colleague('U0OTHERBOT', 'otherbot', 'Other Bot', { isBot: true }),
    ],
    channels: [
      { id: 'C0INCIDENT', name: 'incident-onramp', members: [BOT, ...everybody, 'U0GUEST'] },
      { id: 'C0GENERAL', name: 'general', members: everybody },
      {
        id: 'C0SHARED',
        name: 'ext-acme',
        isExtShared: true,
        connectedTeamIds: [ELSEWHERE],
        members: [BOT, ...everybody, 'U0EXTERN'],
      },
      { id: 'G0PRIVATE', name: 'incident-private', isPrivate: true, members: [BOT, 'U0ONCALL', 'U0ADMIN'] },
      { id: 'C0ARCHIVED', name: 'incident-2025', isArchived: true, members: [BOT, ...everybody] },
    ],
    usergroups: [{ id: 'S0APPROVERS', handle: 'retry-approvers', users: ['U0ADMIN', 'U0ADMIN2'] }],
    bot: { appId: 'A0RETRYBATCH', botUserId: BOT, botName: 'retry-batch' },
  };
}
