// Everything this Slack knows, in memory. Rules live elsewhere; this only keeps, finds and announces.
import { randomBytes } from 'node:crypto';
import { type Changes, createChanges } from './changes.ts';
import type { Channel, Ephemeral, FileRecord, Message, Team, User, Usergroup, View } from './model.ts';

/** The app as it is registered with Slack. */
export interface App {
  readonly appId: string;
  readonly botUserId: string;
  readonly botName: string;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken?: string;
  readonly scopes: readonly string[];
  readonly commands: readonly Command[];
  readonly shortcuts?: readonly Shortcut[];
  /** The events that the app is subscribed to; no other is sent. */
  readonly events?: readonly string[];
  /** Whether the app has a Home tab: without one `views.publish` is refused. */
  readonly homeTab?: boolean;
  /** Whether people can read what the app sends them directly, and answer; both where nothing is said. */
  readonly messagesTab?: 'off' | 'read_only' | 'on';
  /** Whether the options of external selects have a URL: without one nobody is asked, but in Socket Mode. */
  readonly optionsUrl?: boolean;
}

export interface Shortcut {
  readonly type: 'global' | 'message';
  readonly name: string;
  readonly callback_id: string;
  readonly description?: string;
}

export interface Command {
  readonly command: string;
  readonly description?: string;
  readonly usage_hint?: string;
}

export interface World {
  readonly team: Team;
  readonly app: App;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly usergroups: Map<string, Usergroup>;
  /** Each channel's messages and replies, oldest first. */
  readonly messages: Map<string, Message[]>;
  readonly ephemerals: Ephemeral[];
  readonly files: Map<string, FileRecord>;
  readonly views: Map<string, View>;
  /** Each person's Home tab, once the app has published one. */
  readonly homes: Map<string, View>;
  readonly changes: Changes;
  readonly now: () => number;
  /** A message timestamp later than every one before it. */
  nextTs(): string;
  /** An id as Slack makes them: a letter and ten capitals or digits. */
  newId(prefix: string): string;
}

export interface WorldOptions {
  readonly team: Team;
  readonly app: App;
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups?: readonly Usergroup[];
  readonly now: () => number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const randomId = (length: number): string =>
  [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');

const byId = <T extends { readonly id: string }>(all: readonly T[]): Map<string, T> =>
  new Map(all.map((one) => [one.id, one]));

function botUser(app: App, team: Team): User {
  return {
    id: app.botUserId,
    name: app.botName,
    realName: app.botName,
    teamId: team.id,
    tz: 'Etc/UTC',
    tzOffset: 0,
    isBot: true,
  };
}

/** An empty workspace with its people, its channels and one installed app. */
export function createWorld(options: WorldOptions): World {
  const { team, app, now } = options;
  let lastMicros = 0;
  return {
    team,
    app,
    now,
    users: byId([...options.users, botUser(app, team)]),
    channels: byId(options.channels),
    usergroups: byId(options.usergroups ?? []),
    messages: new Map(options.channels.map((channel) => [channel.id, []])),
    ephemerals: [],
    files: new Map(),
    views: new Map(),
    homes: new Map(),
    changes: createChanges(),
    nextTs() {
      lastMicros = Math.max(lastMicros + 1, Math.floor(now() * 1000));
      const text = String(lastMicros).padStart(16, '0');
      return `${text.slice(0, -6)}.${text.slice(-6)}`;
    },
    newId: (prefix) => prefix + randomId(10),
  };
}

/** What everybody may know of the app: no secret among it. */
export type AppFacts = Pick<App, 'appId' | 'botUserId' | 'botName'> & {
  readonly shortcuts: readonly Shortcut[];
  readonly homeTab: boolean;
  readonly messagesTab: NonNullable<App['messagesTab']>;
};

/** The app as people meet it. */
export const appFacts = ({ appId, botUserId, botName, shortcuts, homeTab, messagesTab }: App): AppFacts => ({
  appId,
  botUserId,
  botName,
  shortcuts: shortcuts ?? [],
  homeTab: homeTab ?? false,
  messagesTab: messagesTab ?? 'on',
});

/** The app's bot id: the same app always has the same. */
export const botIdOf = (app: App): string => `B${app.appId.slice(1)}`;

/** Whether somebody belongs to the workspace's organisation. */
export const isOurs = ({ team }: World, user: User): boolean =>
  user.teamId === team.id || (team.siblings ?? []).includes(user.teamId);

/** The messages of a channel with replies, oldest first. */
export const messagesOf = (world: World, channel: string): Message[] => world.messages.get(channel) ?? [];

/** One message or reply; ephemerals are not among them. */
export const findMessage = (world: World, channel: string, ts: string): Message | undefined =>
  messagesOf(world, channel).find((message) => message.ts === ts);

/** The replies of a thread, oldest first, without the message it hangs on. */
export const repliesOf = (world: World, channel: string, ts: string): Message[] =>
  messagesOf(world, channel).filter((message) => message.threadTs === ts && message.ts !== ts);
