// Ask for approval: those who can approve are called in the batch's thread, once, and told privately where they don't read
// its channel.
import type { Batch } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type Call, callApprovers } from '../../engine/decide/call-approvers.ts';
import { type Approver, besides } from '../../store/approvers.ts';
import * as batches from '../../store/batches.ts';
import { membersOf, whoCanApprove } from './approvers.ts';
import { type Delivery, type SlackContext, say } from './context.ts';
import type { Sender } from './organisation.ts';
import { sayRefusedClick } from './refused-click.ts';

/** Calls them, or says privately why not. */
export async function askForApproval(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  batchId: string,
): Promise<Refusal | null> {
  const { ports, clients, directory } = context;
  const known = await directory.person(sender, context.workspace());
  const { channelId, messageTs } = delivery.place;
  const person =
    channelId === undefined || messageTs === undefined
      ? known
      : { ...known, place: { channelId, messageTs } };
  const batch = await batches.find(ports.db.autocommit, batchId);
  const all = await whoCanApprove(context);
  const members = batch?.slack ? await membersOf(clients, batch.slack.channelId) : null;
  const asked = await callApprovers(ports, batchId, person, (now) =>
    callFor(context, all, members, now, person.userId),
  );
  if (asked.kind === 'refused') await sayRefusedClick(context, delivery, asked.refusal, asked.batch, person);
  else await say(context, delivery, '🙋 Those who can approve are being asked in the thread.');
  return null;
}

/** Whoever clicked knows already; the requester is left out where a second person has to approve. */
function callFor(
  { options }: SlackContext,
  all: readonly Approver[],
  members: ReadonlySet<string> | null,
  batch: Batch,
  clickedBy: string,
): Call {
  const may = besides(all, options.requireSecondPerson ? batch.requestedBy : null);
  const users = may.map(({ userId }) => userId).filter((userId) => userId !== clickedBy);
  // Nobody can be left out of a group's mention.
  const leftOut = may.length < all.length;
  return {
    users,
    group: leftOut ? null : options.approversGroup,
    toTell: users.filter((userId) => members?.has(userId) !== true),
  };
}
