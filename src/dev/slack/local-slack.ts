// What a test or a demo gets of a running local Slack.
import type { Delivery } from './delivery/deliver.ts';
import type { FaultOrder, Faults } from './faults.ts';
import type { ExtraRoute } from './http/server.ts';
import type { Human } from './human/human.ts';
import type { Finding } from './inspect/finding.ts';
import type { TrafficEntry } from './traffic.ts';
import type { SavedWorld } from './world/keep.ts';
import type {
  Change,
  Channel,
  Ephemeral,
  FieldsByBlock,
  FileRecord,
  Message,
  Team,
  User,
  Usergroup,
  View,
} from './world/model.ts';
import type { App, AppFacts, Command } from './world/world.ts';

export interface LocalSlackOptions {
  /** A free port where none is given. */
  readonly port?: number;
  readonly team: Team;
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups?: readonly Usergroup[];
  /** With a `requestUrl` Slack delivers by HTTP; without one, through Socket Mode. */
  readonly app: App & { readonly requestUrl?: string };
  /** This Slack's clock, for message times, trigger ids, response URLs and rate limits. */
  readonly now?: () => number;
  /** Whether Slack's rate limits apply; off where nothing is said. */
  readonly limiter?: boolean;
  /** What an earlier one had saved. */
  readonly saved?: SavedWorld;
  /** Further routes on the same server, a page for example. */
  readonly routes?: readonly ExtraRoute[];
  /** How long an app may take to acknowledge, and to use a trigger id: 3,000 ms where nothing is said. */
  readonly ackTimeoutMs?: number;
}

export interface LocalSlack {
  /** What the app gets as its Slack API URL. */
  readonly apiUrl: string;
  readonly url: string;
  readonly team: Team;
  readonly human: Human;
  setRequestUrl(url: string | undefined): void;

  /** The app's slash commands, as registered. */
  commands(): readonly Command[];
  /** Its shortcuts, and which tabs it has. */
  app(): AppFacts;
  channels(): Channel[];
  users(): User[];
  usergroups(): Usergroup[];
  /** What a channel shows: messages and broadcast replies, oldest first. */
  channelMessages(channelId: string): Message[];
  /** A message and its replies. */
  thread(channelId: string, ts: string): Message[];
  message(channelId: string, ts: string): Message | undefined;
  replyCount(channelId: string, ts: string): number;
  ephemeralsOf(userId: string): Ephemeral[];
  /** A person's open modals, the one on top last. */
  viewsOf(userId: string): View[];
  /** A person's Home tab of the app, once one is published. */
  homeOf(userId: string): View | undefined;
  /** What stands in a view's inputs, as `state.values`. */
  valuesOf(view: View): FieldsByBlock;
  /** A person's own conversations, and the open channels of the workspace. */
  visibleTo(userId: string): Channel[];
  /** What a person can pick in a select of channels or conversations. */
  conversationsFor(userId: string, element: Readonly<Record<string, unknown>>): Channel[];
  /** Whether a message calls this person: by name, by a user group, or everybody. */
  isMentioned(userId: string, message: Message): boolean;
  /** Files that stand somewhere; what was only brought here nobody sees. */
  files(): FileRecord[];
  permalink(message: Message): string;
  /** Everything a message would mention, link to or unfurl in real Slack. */
  inspect(message: Message | Ephemeral): Finding[];

  /** What was said and uploaded, as plain JSON, for a later start. */
  save(): SavedWorld;
  /** Forgets everything that was said. */
  clear(): void;

  printChannel(channelId: string): string;
  printThread(channelId: string, ts: string): string;
  printEphemerals(userId: string): string;
  /** A modal or a Home tab, with what stands in its inputs. */
  printView(view: View): string;

  traffic(): readonly TrafficEntry[];
  /** Starts a fault; the answer is its id. */
  fault(order: FaultOrder): string;
  clearFaults(id?: string): void;
  activeFaults(): ReturnType<Faults['active']>;
  redeliver(deliveryId: string): Promise<Delivery>;
  /** Open Socket Mode connections. */
  openSockets(): number;
  /** Asks every connection to come back (`refresh`), or cuts it (`cut`). */
  disconnectSockets(how: 'refresh' | 'cut'): void;

  onChange(listener: (change: Change) => void): () => void;
  /** Resolves with the first value the look finds; looks at once and after every change. */
  waitFor<T>(look: (slack: LocalSlack) => T | undefined | null | false, options?: WaitOptions): Promise<T>;
  stop(): Promise<void>;
}

export interface WaitOptions {
  /** LONGEST_WAIT_MS where nothing is said. */
  readonly timeoutMs?: number;
  /** What is waited for, in words, for the error. */
  readonly what?: string;
}
