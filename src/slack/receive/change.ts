// Change: the form, filled in with what was asked, or with a reading. A dry run stays until a new one stands beside it.
import type { Refusal } from '../../domain/refusal.ts';
import { whyNotWaiting } from '../../engine/decide/decide.ts';
import { lookUpChanger } from '../../engine/decide/replace.ts';
import * as batches from '../../store/batches.ts';
import { auditRefusal, type Delivery, type SlackContext } from './context.ts';
import { notOpened, openModal } from './open-modal.ts';
import type { Sender } from './organisation.ts';
import { changeReading } from './reading.ts';

/** Opens it for the dry run, or the reading, of this id; why not, where that is refused. */
export async function change(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  id: string,
): Promise<Refusal | null> {
  const tx = context.ports.db.autocommit;
  const [batch, person] = await Promise.all([
    batches.find(tx, id),
    context.directory.person(sender, context.workspace()),
  ]);
  if (batch === undefined) return changeReading(context, delivery, sender, id);
  const changer = await lookUpChanger(tx, batch, person);
  const refusal = changer.refusal ?? whyNotWaiting(batch);
  if (refusal !== null) {
    await auditRefusal(context, changer.actor, refusal, delivery.place);
    return refusal;
  }
  // What waits has a thread.
  if (batch.slack === null) return { kind: 'unknown_batch' };
  return openModal(context, delivery, {
    sender,
    request: batch.request,
    channel: { channel_id: batch.slack.channelId },
    teamId: batch.slack.teamId,
    replaces: id,
    otherwise: notOpened(batch.request),
  });
}
