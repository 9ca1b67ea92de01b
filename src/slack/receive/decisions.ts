// The buttons. All but the one for a new dry run are a verb of the engine's; the button carries the batch's id and
// nothing else, and who may is looked up at this moment.

import type { BlockAction, RespondFn } from '@slack/bolt';
import { z } from 'zod';
import type { Refusal } from '../../domain/refusal.ts';
import type { Person } from '../../engine/decide/authorize.ts';
import { approve, cancel, type Decided } from '../../engine/decide/decide.ts';
import { continueAnyway, retryHeld } from '../../engine/decide/go-on.ts';
import { pause, resume, stop } from '../../engine/decide/pause.ts';
import * as threads from '../../store/threads.ts';
import { ACTION_IDS, type ActionId } from '../blocks/buttons.ts';
import { type Delivery, handle, type SlackContext, withTrigger } from './context.ts';
import { askForRest } from './rest.ts';

type Verb = (context: SlackContext, batchId: string, person: Person) => Promise<Decided>;

/** The one list of what a button does to its batch; one that is missing here does not compile. */
const VERBS: Readonly<Record<Exclude<ActionId, typeof ACTION_IDS.rest>, Verb>> = {
  [ACTION_IDS.approve]: ({ ports, options }, batchId, person) => approve(ports, options, batchId, person),
  [ACTION_IDS.cancel]: ({ ports }, batchId, person) => cancel(ports, batchId, person),
  [ACTION_IDS.pause]: ({ ports }, batchId, person) => pause(ports, batchId, person),
  [ACTION_IDS.resume]: ({ ports }, batchId, person) => resume(ports, batchId, person),
  [ACTION_IDS.continue]: ({ ports }, batchId, person) => continueAnyway(ports, batchId, person),
  [ACTION_IDS.retryHeld]: ({ ports }, batchId, person) => retryHeld(ports, batchId, person),
  [ACTION_IDS.stop]: ({ ports }, batchId, person) => stop(ports, batchId, person),
};

export type ClickArguments = {
  readonly body: BlockAction;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn;
  readonly keys: readonly string[];
};

/** What a click must have, whoever made it up; anything else is no click of ours. */
const clickSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  /** Whose installation it is sent to, on an Enterprise Grid; there `team` is null where that is organisation-wide. */
  enterprise: z.object({ id: z.string() }).nullish().catch(undefined),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().optional(),
  container: z
    .object({
      channel_id: z.string(),
      message_ts: z.string(),
      thread_ts: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  actions: z.array(z.object({ action_id: z.string(), value: z.uuid() })).length(1),
});

/** Handles one click on one of our buttons. */
export async function onClick(context: SlackContext, args: ClickArguments): Promise<void> {
  const parsed = clickSchema.safeParse(args.body).data;
  const [action] = parsed?.actions ?? [];
  const delivery = deliveryOf(args, parsed);
  const { sender } = delivery;
  const { channelId, messageTs } = delivery.place;
  await handle(context, delivery, 'click', async (): Promise<Refusal | null> => {
    if (action === undefined || !isOurs(action.action_id) || !sender) return { kind: 'unknown_batch' };
    if (action.action_id === ACTION_IDS.rest) return askForRest(context, delivery, sender, action.value);
    if (ON_THE_MESSAGE.has(action.action_id)) await noteMessage(context, action.value, parsed?.container);
    const known = await context.directory.person(sender, context.workspace());
    const person =
      channelId === undefined || messageTs === undefined
        ? known
        : { ...known, place: { channelId, messageTs } };
    const decided = await VERBS[action.action_id](context, action.value, person);
    return decided.kind === 'refused' ? decided.refusal : null;
  });
}

function deliveryOf(
  { ack, respond, keys }: ClickArguments,
  parsed: z.output<typeof clickSchema> | undefined,
): Delivery {
  const { team, enterprise, user, trigger_id: trigger } = parsed ?? {};
  const { channel_id: channelId, message_ts: messageTs, thread_ts: threadTs } = parsed?.container ?? {};
  return {
    ack,
    respond,
    keys: withTrigger(keys, trigger),
    origin: { teamId: team?.id, enterpriseId: enterprise?.id },
    sender: user && { userId: user.id, teamId: user.team_id },
    // On the message that a thread hangs on one clicks in the channel.
    place: { channelId, messageTs, threadTs: threadTs === messageTs ? undefined : threadTs },
  };
}

function isOurs(actionId: string): actionId is ActionId {
  return actionId === ACTION_IDS.rest || Object.hasOwn(VERBS, actionId);
}

/** Buttons that only the channel message has. */
const ON_THE_MESSAGE: ReadonlySet<string> = new Set([ACTION_IDS.approve, ACTION_IDS.cancel]);

/**
 * A post whose answer was lost may stand in the channel twice, and only a click tells the bot where. The click counts
 * like any other, and from then on both copies say the same.
 */
async function noteMessage(
  { ports }: SlackContext,
  batchId: string,
  place: { readonly channel_id: string; readonly message_ts: string } | undefined,
): Promise<void> {
  if (place === undefined) return;
  await threads.addCopy(ports.db.autocommit, batchId, place.channel_id, place.message_ts);
}
