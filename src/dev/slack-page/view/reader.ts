// Whose eyes the page is seen with: names and times as this person's Slack shows them.
import { fromUnixTime } from 'date-fns/fromUnixTime';
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Channel, User, View } from '../../slack/world/model.ts';
import type { RenderContext } from '../render/context.ts';
import { type Html, html } from '../render/html.ts';

export type Reader = {
  readonly slack: LocalSlack;
  readonly user: User;
  readonly users: ReadonlyMap<string, User>;
  context(idPrefix: string): RenderContext;
  /** For the blocks of a view, with what stands in its inputs. */
  viewContext(view: View, surface: 'modal' | 'home'): RenderContext;
};

/** The reader with this id; undefined where nobody has it. */
export function readerOf(slack: LocalSlack, userId: string): Reader | undefined {
  const users = new Map(slack.users().map((user) => [user.id, user]));
  const user = users.get(userId);
  if (!user) return undefined;
  const names = Object.fromEntries([...users.values()].map((one) => [one.id, one.realName]));
  const channels = Object.fromEntries(slack.channels().map((one) => [one.id, nameOf(slack, one)]));
  const groups = slack.usergroups();
  const mine = new Set([
    user.id,
    ...groups.filter((one) => one.users.includes(user.id)).map((one) => one.id),
  ]);
  const context = (idPrefix: string): RenderContext => ({
    users: names,
    channels,
    usergroups: Object.fromEntries(groups.map((one) => [one.id, one.handle])),
    timeZone: user.tz,
    idPrefix,
    surface: 'message',
    mine,
    conversations: (element) =>
      slack.conversationsFor(user.id, element).map((one) => ({ id: one.id, name: nameOf(slack, one) })),
  });
  const viewContext: Reader['viewContext'] = (view, surface) => ({
    ...context(`${surface}-${view.id}`),
    surface,
    fields: slack.valuesOf(view),
  });
  return { slack, user, users, context, viewContext };
}

/** What a conversation is called: a direct message by the app it is with. */
export const nameOf = (slack: LocalSlack, channel: Channel): string =>
  channel.isIm ? slack.app().botName : channel.name;

/** The people one can act as: everybody who has a client to use. */
export const actors = (slack: LocalSlack): User[] =>
  slack.users().filter((user) => !user.isBot && !user.deleted);

const isGuest = (user: User): boolean => Boolean(user.isRestricted || user.isUltraRestricted);

/** The channels in a person's sidebar: their own, and for members of the workspace the open ones. */
export const channelsOf = ({ slack, user }: Reader): Channel[] =>
  slack.visibleTo(user.id).filter((one) => !one.isIm);

/** The direct message between the app and this person, once there is one. */
export const messagesOfApp = ({ slack, user }: Reader): Channel | undefined =>
  slack.visibleTo(user.id).find((one) => one.isIm && one.members.includes(slack.app().botUserId));

/** Whether this person has the app at all: people of another organisation don't. */
export function hasApp({ slack, user }: Reader): boolean {
  const { homeTab, messagesTab } = slack.app();
  const { id, siblings = [] } = slack.team;
  return (homeTab || messagesTab !== 'off') && [id, ...siblings].includes(user.teamId);
}

/** What Slack's directory says of a person that matters here. */
export function standingOf(slack: LocalSlack, user: User): string {
  if (user.teamId !== slack.team.id) return 'another organisation';
  if (isGuest(user)) return 'guest';
  return user.isAdmin ? 'workspace admin' : 'member';
}

const seconds = (ts: string): number => Number(ts.split('.')[0]);

const format = (user: User, ts: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: user.tz, ...options }).format(fromUnixTime(seconds(ts)));

/** `2:30 PM`, with the whole date on hover. */
export function timeOf({ user }: Reader, ts: string): Html {
  const iso = fromUnixTime(seconds(ts)).toISOString();
  const title = `${format(user, ts, { dateStyle: 'full', timeStyle: 'medium' })} (${user.tz})`;
  return html`<time datetime="${iso}" title="${title}">${format(user, ts, { timeStyle: 'short' })}</time>`;
}

/** `Monday, May 11`: the day a message was written on, in the reader's zone. */
export const dayOf = ({ user }: Reader, ts: string): string =>
  format(user, ts, { weekday: 'long', month: 'long', day: 'numeric' });

const COLOURS = 6;

/** A square with initials; the app has a sign. */
export function avatar(user: User | undefined, name: string, byApp: boolean, css = ''): Html {
  if (byApp) return html`<span class="avatar avatar--app ${css}" aria-hidden="true">↻</span>`;
  const initials = name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('');
  const sum = [...(user?.id ?? name)].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return html`<span class="avatar avatar--${sum % COLOURS} ${css}" aria-hidden="true">${initials}</span>`;
}
