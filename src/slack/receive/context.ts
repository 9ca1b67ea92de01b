// What every listener needs, and the order in which each of them works: acknowledge, take the delivery once, act,
// and answer privately where something is refused.

import { type RespondArguments, RespondError } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import type { Actor } from '../../domain/person.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Person } from '../../engine/decide/authorize.ts';
import type { PlanOptions } from '../../engine/plan/preview.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { record } from '../../engine/record.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import * as slackDeliveries from '../../store/slack-deliveries.ts';
import { type Message, section } from '../blocks/message.ts';
import { type RefusalHelp, refusalText } from '../blocks/refusals.ts';
import type { SlackClients } from '../clients.ts';
import { type LinkOf, permalinkOf, withLinks } from '../permalink.ts';
import type { Directory } from './identity.ts';
import {
  isFromElsewhere,
  nameOfForeigner,
  type Origin,
  type Sender,
  type Workspace,
} from './organisation.ts';

export type SlackOptions = {
  readonly requireSecondPerson: boolean;
  readonly previewRole: string | undefined;
  readonly channels: readonly string[];
  /** How long the lists of what has ended are kept. */
  readonly retentionDays: number;
  /** A user group that is called instead of the mapped admins (SLACK_APPROVERS). */
  readonly approversGroup: string | null;
};

export type SlackContext = {
  readonly ports: EnginePorts;
  readonly plan: PlanOptions;
  readonly options: SlackOptions;
  readonly clients: SlackClients;
  readonly directory: Directory;
  readonly workspace: () => Workspace | undefined;
  /** Somewhere a person's request failed: for the log, with nothing of the payload in it. */
  readonly onError: (error: unknown, doing: string) => void;
};

/** Answers whoever sent a delivery, and nobody else. */
export type Respond = (answer: RespondArguments) => Promise<unknown>;

export type Delivery = {
  readonly ack: () => Promise<void>;
  readonly respond: Respond;
  /** What names it, as far as the delivery has that. */
  readonly keys: readonly string[];
  /** With which a form can be opened, for three seconds; undefined where there is none. */
  readonly triggerId?: string | undefined;
  readonly origin: Origin;
  /** Who sent it; undefined where the delivery does not say. */
  readonly sender: Sender | undefined;
  /** The channel that it came from, the message that was clicked on, and the thread that this one is a reply in. */
  readonly place: {
    readonly channelId?: string | undefined;
    readonly messageTs?: string | undefined;
    readonly threadTs?: string | undefined;
  };
  /** Where it is answered may be another channel than the one it is about: a form's. */
  readonly isAnsweredAnywhere?: boolean;
};

/** The channel in which a private answer is certain to be read; undefined where that is none. */
export function hereOf({ place, isAnsweredAnywhere = false }: Delivery): string | undefined {
  return isAnsweredAnywhere ? undefined : place.channelId;
}

/** What names a delivery, so that the same one is known when it comes again: what the receiver knows of it, and its trigger. */
export function withTrigger(keys: readonly string[], triggerId: string | undefined): string[] {
  return [...keys, ...(triggerId ? [`trigger:${triggerId}`] : [])];
}

/**
 * Acknowledges a delivery and then does `work` once, however often Slack delivers it. What goes wrong is answered
 * privately: nobody is left waiting for something that does not come.
 */
export async function handle(
  context: SlackContext,
  delivery: Delivery,
  doing: string,
  work: () => Promise<Refusal | null>,
): Promise<void> {
  await delivery.ack();
  try {
    const { ports } = context;
    const first =
      delivery.keys.length === 0 || (await slackDeliveries.isFirst(ports.db.autocommit, delivery.keys));
    if (!first) return;
    const refusal = (await refuseForeign(context, delivery)) ?? (await work());
    if (refusal !== null) await sayRefusal(context, delivery, refusal);
  } catch (error) {
    context.onError(error, doing);
    const unreachable = error instanceof InfrastructureTrouble;
    const text = unreachable ? refusalText({ kind: 'database_unreachable' }) : BROKEN;
    await say(context, delivery, text);
  }
}

/** Who it is, and at which message, where that is known. */
export async function personOf(
  context: SlackContext,
  sender: Sender,
  { channelId, messageTs }: Delivery['place'],
): Promise<Person> {
  const person = await context.directory.person(sender, context.workspace());
  return channelId === undefined ? person : { ...person, place: { channelId, messageTs: messageTs ?? null } };
}

/** Whether it is sent from a workspace or an organisation that is not served. Nothing of it is in the audit trail. */
export function isForeign(
  context: SlackContext,
  { sender, origin }: Pick<Delivery, 'sender' | 'origin'>,
): boolean {
  const served = context.workspace();
  return served !== undefined && isFromElsewhere(served, origin, sender);
}

/** What is foreign is refused, and that is in the audit trail; null else. */
export async function refuseForeign(
  context: SlackContext,
  { sender, origin, place }: Pick<Delivery, 'sender' | 'origin' | 'place'>,
): Promise<Refusal | null> {
  if (!isForeign(context, { sender, origin })) return null;
  const refusal: Refusal = { kind: 'wrong_workspace' };
  await auditRefusal(context, strange(sender, origin), refusal, place);
  return refusal;
}

/** Puts a refusal into the audit trail: of a change of a batch it is that batch's, and its thread tells it; else no batch's. */
export async function auditRefusal(
  { ports }: SlackContext,
  actor: Actor,
  refusal: Refusal,
  { channelId, messageTs }: Delivery['place'],
  changes: string | null = null,
): Promise<void> {
  const place = { channel_id: channelId ?? null, message_ts: messageTs ?? null };
  const evidence =
    changes === null
      ? ({ because: refusal.kind, door: 'slack', ...place } as const)
      : ({ because: refusal.kind, attempted: 'change', ...place } as const);
  await record(ports, ports.db.autocommit, { batchId: changes, action: 'refused', actor, evidence });
  if (changes !== null) ports.onChange(changes);
}

/** Somebody of another workspace: known by what the payload says, and looked up nowhere. */
function strange(sender: Sender | undefined, { teamId, enterpriseId }: Origin): Actor {
  if (sender === undefined) return { kind: 'system', name: 'slack' };
  const said = { teamId: sender.teamId ?? teamId ?? null, enterpriseId: null, workspaces: [] };
  const home = said.teamId === null ? { ...said, enterpriseId: enterpriseId ?? null } : said;
  return { kind: 'slack', ...nameOfForeigner(sender, home), user: null };
}

/** Where batches can be read. */
export function linkOf({ clients, ports }: SlackContext): LinkOf {
  return (batchId) => permalinkOf(clients, ports.db.autocommit, batchId);
}

const BROKEN = '⚠️ Something went wrong on our side, and it is in the log. Nothing was decided; try again.';

/** Says why, with links to the batches that it names; `help` and `blocks` are what is known besides. */
export async function sayRefusal(
  context: SlackContext,
  delivery: Delivery,
  refusal: Refusal,
  help: RefusalHelp = {},
  blocks: readonly KnownBlock[] = [],
): Promise<void> {
  const here = hereOf(delivery);
  const text = await withLinks(linkOf(context), (links) => refusalText(refusal, { links, here, ...help }));
  await say(context, delivery, blocks.length === 0 ? text : { text, blocks: [section([text]), ...blocks] });
}

/**
 * Answers the one person, without touching the message they clicked on, and where they clicked: what names no thread stands
 * in the channel, where nobody looks who has the thread open.
 */
export async function say(context: SlackContext, delivery: Delivery, said: string | Message): Promise<void> {
  const { threadTs } = delivery.place;
  const message = typeof said === 'string' ? { text: said } : said;
  const answer: RespondArguments = {
    ...{ response_type: 'ephemeral', replace_original: false },
    ...{ parse: 'none', unfurl_links: false, unfurl_media: false },
    ...message,
  };
  try {
    if (threadTs === undefined) await delivery.respond(answer);
    else await inThread(delivery, answer, threadTs);
  } catch (error) {
    context.onError(error, 'private answer');
  }
}

/** A thread may be gone or locked by now; then the channel is better than nowhere. */
async function inThread({ respond }: Delivery, answer: RespondArguments, threadTs: string): Promise<void> {
  try {
    await respond({ ...answer, thread_ts: threadTs });
  } catch (error) {
    if (!(error instanceof RespondError)) throw error;
    await respond(answer);
  }
}
