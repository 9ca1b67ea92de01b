// `/retry-batch status`: what is open, what ended last, and the brake, privately.
import type { Refusal } from '../../domain/refusal.ts';
import { statusMessage } from '../blocks/status.ts';
import { overviewFor } from '../home/overview.ts';
import { viewerOf } from '../home/viewer.ts';
import { auditRefusal, type Delivery, type SlackContext, say } from './context.ts';
import type { Sender } from './organisation.ts';

const MOST_OPEN = 8;

/** Answers it, wherever it is asked; why not, where that is refused. */
export async function status(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
): Promise<Refusal | null> {
  const viewer = await viewerOf(context, sender, delivery.place.channelId ?? null);
  const { standing } = viewer.person;
  if (standing !== null) {
    await auditRefusal(context, viewer.actor, standing, delivery.place);
    return standing;
  }
  const overview = await overviewFor(context, viewer, MOST_OPEN);
  await say(context, delivery, statusMessage({ ...overview, everybodys: viewer.isAdmin }));
  return null;
}
