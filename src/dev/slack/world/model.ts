// The nouns of a workspace: people, channels, messages, files and modals, as this Slack stores them.
import type { Block } from '../validation/walk.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The organisation of an Enterprise Grid that it belongs to. */
  readonly enterprise?: Enterprise;
  /** The other workspaces of that organisation, by their ids. */
  readonly siblings?: readonly string[];
  /** The app is installed for the organisation with all its workspaces. */
  readonly orgWide?: boolean;
}

export interface Enterprise {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** The person's home workspace; of another organisation for somebody met through Slack Connect. */
  readonly teamId: string;
  /** That other organisation, where it is an Enterprise Grid. */
  readonly enterprise?: Enterprise;
  readonly email?: string;
  readonly tz: string;
  readonly tzOffset: number;
  readonly isAdmin?: boolean;
  readonly isBot?: boolean;
  readonly deleted?: boolean;
  /** A guest. A single-channel guest is `isUltraRestricted` too. */
  readonly isRestricted?: boolean;
  readonly isUltraRestricted?: boolean;
  readonly isStranger?: boolean;
  readonly isInvited?: boolean;
  readonly isEmailConfirmed?: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  readonly isExtShared?: boolean;
  /** Another organisation is invited and has not come yet. */
  readonly isPendingExtShared?: boolean;
  readonly connectedTeamIds?: readonly string[];
  /** A direct message: `members` are the bot and one person. */
  readonly isIm?: boolean;
  /** A conversation of several people, that an app can't be invited into. */
  readonly isMpim?: boolean;
  readonly members: readonly string[];
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Record<string, unknown>;
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** Who wrote it; the bot's user for the app's messages. */
  readonly user: string;
  readonly byApp: boolean;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly threadTs?: string;
  /** A reply that is shown in the channel too. */
  readonly broadcast: boolean;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files: readonly string[];
  /** How Slack was told to treat the text: nothing given means Slack's default of the method. */
  readonly parse: 'none' | 'full' | 'client' | 'default';
  readonly linkNames: boolean;
  readonly mrkdwn: boolean;
  readonly unfurlLinks: boolean;
  readonly unfurlMedia: boolean;
  /** Deleted, with replies that keep its place. */
  readonly tombstone?: boolean;
  /** An admin has locked the thread under it: it takes no replies. */
  readonly threadLocked?: boolean;
}

/** Seen by one person only, in no history. `from` tells the app's own from what Slack itself says. */
export interface Ephemeral extends Message {
  readonly to: string;
  readonly from: 'app' | 'slack';
  /** The person has sent it away; to the app that makes no difference. */
  readonly dismissed?: boolean;
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly content: Buffer;
  readonly state: 'awaiting_upload' | 'uploaded' | 'shared';
  readonly created: number;
  readonly altText?: string;
  readonly snippetType?: string;
  readonly shares: readonly { readonly channel: string; readonly ts: string; readonly threadTs?: string }[];
}

/** One input's value as Slack sends it: its type, and what was picked or typed. */
export type Field = Readonly<Record<string, unknown>>;

/** By block, then by action: the shape of `state.values`. */
export type FieldsByBlock = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** A modal, or a person's Home tab of the app. */
export type View = {
  readonly id: string;
  readonly hash: string;
  readonly user: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  readonly open: boolean;
  /** The conversation that the person was looking at when it was opened. */
  readonly conversation?: string;
  /** What the person has put in so far. */
  readonly filled: FieldsByBlock;
  /** What Slack says at the top of a modal whose app didn't answer, or answered nonsense. */
  readonly trouble?: string;
  /** The view as the app gave it, with ids for blocks and elements that had none. */
  readonly content: Record<string, unknown> & { readonly blocks: readonly Block[] };
};

export type Change =
  | {
      readonly kind: 'message_posted' | 'message_updated' | 'message_deleted';
      readonly channel: string;
      readonly ts: string;
    }
  | {
      readonly kind: 'ephemeral_posted' | 'ephemeral_updated' | 'ephemeral_deleted';
      readonly user: string;
      readonly ts: string;
    }
  | {
      readonly kind: 'view_opened' | 'view_updated' | 'view_filled' | 'view_closed' | 'home_published';
      readonly user: string;
      readonly viewId: string;
    }
  | { readonly kind: 'file_shared'; readonly fileId: string }
  | { readonly kind: 'people_changed' | 'channels_changed'; readonly id: string }
  | { readonly kind: 'traffic'; readonly entry: string }
  | { readonly kind: 'sockets_changed'; readonly open: number }
  | { readonly kind: 'faults_changed' };
