// Somebody who looks at batches outside of their threads: who they are to the bot, and what they may see and do.
import type { Batch } from '../../domain/plan.ts';
import {
  isFirstPerson,
  isRequester,
  lookUp,
  type Person,
  type Standing,
} from '../../engine/decide/authorize.ts';
import { whyNoRest } from '../../engine/plan/rest-of.ts';
import type { Tx } from '../../postgres/tx.ts';
import { wasCalled } from '../../store/calls.ts';
import type { Whose } from '../../store/overview.ts';
import { ACTION_IDS, type ActionId } from '../blocks/buttons.ts';
import { refuseUnasked } from '../receive/channel.ts';
import type { SlackContext } from '../receive/context.ts';
import type { Sender } from '../receive/organisation.ts';
import { retryLeft } from '../thread/retry-left.ts';

export type Viewer = {
  readonly person: Person;
  readonly actor: Standing['actor'];
  readonly isAdmin: boolean;
  /** Whether they may ask for dry runs; whoever may not sees nothing of anybody's. */
  readonly mayAsk: boolean;
  /** The channel that they look from; null in their Home tab. */
  readonly channelId: string | null;
};

/** Looks somebody up at this moment, who looks from this channel, or from their Home tab. Throws as `Tx.query` does. */
export async function viewerOf(
  context: SlackContext,
  sender: Sender,
  channelId: string | null,
): Promise<Viewer> {
  const { ports, options, directory } = context;
  const tx = ports.db.autocommit;
  const person = await directory.person(sender, context.workspace());
  const { actor, refusal } = await lookUp(tx, person);
  const { previewRole } = options;
  const mayAsk =
    person.standing === null &&
    (previewRole === undefined || (await lookUp(tx, person, previewRole)).refusal === null);
  return { person, actor, isAdmin: refusal === null, mayAsk, channelId };
}

/** Admins see everybody's batches, others those that they asked for. */
export function whoseFor({ isAdmin, person }: Viewer): Whose {
  return isAdmin ? null : { userId: person.userId };
}

const ADMINS: readonly ActionId[] = [
  ...[ACTION_IDS.pause, ACTION_IDS.resume, ACTION_IDS.stop, ACTION_IDS.continue, ACTION_IDS.cancel],
];

/** The buttons that a viewer may use on a batch now; `hasLeft`: its run has ended and left rows. Throws as `Tx.query` does. */
export async function mayDo(
  { ports, options }: SlackContext,
  tx: Tx,
  viewer: Viewer,
  batch: Batch,
  hasLeft: boolean,
): Promise<ReadonlySet<ActionId>> {
  const { person, actor, isAdmin, mayAsk } = viewer;
  const may = new Set<ActionId>(isAdmin ? ADMINS : []);
  const mine = person.standing === null && isRequester(batch, person);
  if (mine) for (const action of [ACTION_IDS.cancel, ACTION_IDS.pause, ACTION_IDS.stop]) may.add(action);
  if (mayAsk && hasLeft && (await canAskForRest(tx, options, viewer, batch))) may.add(ACTION_IDS.rest);
  const heldCanGo = batch.status === 'paused' || retryLeft(batch, ports.clock.now()) > 0;
  if (isAdmin && heldCanGo) may.add(ACTION_IDS.retryHeld);
  if (batch.status !== 'waiting' || batch.overdue) return may;
  if (mine || isAdmin) may.add(ACTION_IDS.change);
  const second = options.requireSecondPerson && (await isFirstPerson(tx, batch.requestedBy, person, actor));
  if (isAdmin && !second) {
    may.add(ACTION_IDS.approve);
    may.add(ACTION_IDS.approveAnyway);
  } else if ((mine || isAdmin) && !(await wasCalled(tx, batch.id))) may.add(ACTION_IDS.ask);
  return may;
}

/** Its dry run is posted in the batch's channel, or in the one that the click comes from; and all that it left is still there. */
async function canAskForRest(
  tx: Tx,
  { channels }: SlackContext['options'],
  { channelId }: Viewer,
  batch: Batch,
): Promise<boolean> {
  const isThere = channelId !== null && refuseUnasked({ channel_id: channelId }, channels) === null;
  return (batch.slack !== null || isThere) && (await whyNoRest(tx, batch.id)) === null;
}
