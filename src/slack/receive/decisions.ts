// The buttons. Most are a verb of the engine's, the others an errand that decides nothing; the button carries the batch's id and
// nothing else, and who may is looked up at this moment.

import type { BlockAction, RespondFn } from '@slack/bolt';
import { z } from 'zod';
import type { Refusal } from '../../domain/refusal.ts';
import type { Person } from '../../engine/decide/authorize.ts';
import { approve, cancel, type Decided } from '../../engine/decide/decide.ts';
import { continueAnyway, retryHeld } from '../../engine/decide/go-on.ts';
import { pause, resume, stop } from '../../engine/decide/pause.ts';
import { askAtClick } from '../../engine/sentry/ask-sentry.ts';
import * as threads from '../../store/threads.ts';
import { ACTION_IDS, type ActionId } from '../blocks/buttons.ts';
import { inDirectMessage } from './answer-privately.ts';
import { askForApproval } from './ask-for-approval.ts';
import { change } from './change.ts';
import { type Delivery, handle, personOf, type SlackContext, withTrigger } from './context.ts';
import { interaction, whoseIs } from './interaction.ts';
import type { Sender } from './organisation.ts';
import { openOwed } from './owed.ts';
import { runReading } from './reading.ts';
import { sayRefusedClick } from './refused-click.ts';
import { askForRest } from './rest.ts';

type Verb = (context: SlackContext, batchId: string, person: Person) => Promise<Decided>;

/** What a button does that decides nothing about its batch; why not, where that is refused. */
type Errand = (
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  value: string,
) => Promise<Refusal | null>;

const ERRANDS = {
  [ACTION_IDS.rest]: askForRest,
  [ACTION_IDS.reading]: runReading,
  [ACTION_IDS.change]: change,
  [ACTION_IDS.ask]: askForApproval,
  [ACTION_IDS.owed]: openOwed,
} as const satisfies Partial<Record<ActionId, Errand>>;

/** The one list of what a button does to its batch; one that is missing in both does not compile. */
const VERBS: Readonly<Record<Exclude<ActionId, keyof typeof ERRANDS>, Verb>> = {
  [ACTION_IDS.approve]: ({ ports, options }, batchId, person) => approveNow(ports, options, batchId, person),
  [ACTION_IDS.approveAnyway]: ({ ports, options }, batchId, person) =>
    approveNow(ports, { ...options, anyway: true }, batchId, person),
  [ACTION_IDS.cancel]: ({ ports }, batchId, person) => cancel(ports, batchId, person),
  [ACTION_IDS.pause]: ({ ports }, batchId, person) => pause(ports, batchId, person),
  [ACTION_IDS.resume]: ({ ports }, batchId, person) => resume(ports, batchId, person),
  [ACTION_IDS.continue]: ({ ports }, batchId, person) => continueAnyway(ports, batchId, person),
  [ACTION_IDS.retryHeld]: ({ ports }, batchId, person) => retryHeld(ports, batchId, person),
  [ACTION_IDS.stop]: ({ ports }, batchId, person) => stop(ports, batchId, person),
};

/** On what Sentry says at this moment, as far as it says it in time. */
async function approveNow(
  ...[ports, options, batchId, person]: Parameters<typeof approve>
): Promise<Decided> {
  await askAtClick(ports, batchId);
  return approve(ports, options, batchId, person);
}

export type ClickArguments = {
  readonly body: BlockAction;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn | undefined;
  readonly keys: readonly string[];
};

/** What a click must have, whoever made it up; anything else is no click of ours. */
const clickSchema = interaction.extend({
  container: z
    .object({
      channel_id: z.string(),
      message_ts: z.string(),
      thread_ts: z.string().optional().catch(undefined),
      is_ephemeral: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  actions: z.array(z.object({ action_id: z.string(), value: z.uuid() })).length(1),
});

/** Handles one click on one of our buttons. */
export async function onClick(context: SlackContext, args: ClickArguments): Promise<void> {
  const parsed = clickSchema.safeParse(args.body).data;
  const [action] = parsed?.actions ?? [];
  const delivery = deliveryOf(context, args, parsed);
  const { sender } = delivery;
  await handle(context, delivery, 'click', async (): Promise<Refusal | null> => {
    if (action === undefined || !isOurs(action.action_id) || !sender) return { kind: 'unknown_batch' };
    if (isErrand(action.action_id)) return ERRANDS[action.action_id](context, delivery, sender, action.value);
    if (ON_THE_MESSAGE.has(action.action_id)) await noteMessage(context, action.value, parsed?.container);
    const person = await personOf(context, sender, delivery.place);
    const decided = await VERBS[action.action_id](context, action.value, person);
    if (decided.kind === 'refused')
      await sayRefusedClick(context, delivery, decided.refusal, decided.batch, person);
    return null;
  });
}

/** Of a click that is none of ours. */
const NOBODY = {
  sender: undefined,
  origin: { teamId: undefined, enterpriseId: undefined },
  triggerId: undefined,
} as const;

function deliveryOf(
  { clients }: SlackContext,
  { ack, respond, keys }: ClickArguments,
  parsed: z.output<typeof clickSchema> | undefined,
): Delivery {
  const { sender, origin, triggerId } = parsed === undefined ? NOBODY : whoseIs(parsed);
  const { channel_id: channelId, message_ts: messageTs, thread_ts: threadTs } = parsed?.container ?? {};
  return {
    ack,
    // A click in somebody's Home tab has no address to answer to.
    respond: respond ?? inDirectMessage(clients, sender?.userId ?? ''),
    keys: withTrigger(keys, triggerId),
    triggerId,
    origin,
    sender,
    // On the message that a thread hangs on one clicks in the channel.
    place: { channelId, messageTs, threadTs: threadTs === messageTs ? undefined : threadTs },
  };
}

function isOurs(actionId: string): actionId is ActionId {
  return Object.hasOwn(ERRANDS, actionId) || Object.hasOwn(VERBS, actionId);
}

function isErrand(actionId: ActionId): actionId is keyof typeof ERRANDS {
  return Object.hasOwn(ERRANDS, actionId);
}

/** Buttons that only the channel message has. */
const ON_THE_MESSAGE: ReadonlySet<string> = new Set([
  ACTION_IDS.approve,
  ACTION_IDS.approveAnyway,
  ACTION_IDS.cancel,
]);

/**
 * A post whose answer was lost may stand in the channel twice, and only a click tells the bot where. The click counts
 * like any other, and from then on both copies say the same.
 */
async function noteMessage(
  { ports }: SlackContext,
  batchId: string,
  place: z.output<typeof clickSchema>['container'],
): Promise<void> {
  // What only one person sees is no copy of the message.
  if (place === undefined || place.is_ephemeral === true) return;
  await threads.addCopy(ports.db.autocommit, batchId, place.channel_id, place.message_ts);
}
