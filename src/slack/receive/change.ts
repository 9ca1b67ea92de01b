// Change: the form, filled in with what was asked, or with a reading. A dry run stays until a new one stands beside it.
import type { Refusal } from '../../domain/refusal.ts';
import { mayChange } from '../../engine/decide/replace.ts';
import * as batches from '../../store/batches.ts';
import { type Delivery, personOf, type SlackContext } from './context.ts';
import { notOpened, openModal } from './open-modal.ts';
import type { Sender } from './organisation.ts';
import { changeReading } from './reading.ts';
import { sayRefusedClick } from './refused-click.ts';

/** Opens it for the dry run, or the reading, of this id. Why not is told as of every button; of a reading it is answered. */
export async function change(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  id: string,
): Promise<Refusal | null> {
  const person = await personOf(context, sender, delivery.place);
  const found = await batches.find(context.ports.db.autocommit, id);
  if (found === undefined) return changeReading(context, delivery, sender, id);
  if (found.slack === null) return { kind: 'unknown_batch' };
  const may = await mayChange(context.ports, id, person, { sent: false });
  const { request, slack } = found;
  const refusal =
    may.kind === 'refused'
      ? may.refusal
      : await openModal(context, delivery, {
          sender,
          request,
          channel: { channel_id: slack.channelId },
          teamId: slack.teamId,
          replaces: id,
          otherwise: notOpened(request),
        });
  if (refusal !== null) await sayRefusedClick(context, delivery, refusal, may.batch, person);
  return null;
}
