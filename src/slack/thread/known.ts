// An event's line in the thread, with what it takes besides the event, looked up for those that take something.
import type { RecordedEvent } from '../../domain/audit.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Tx } from '../../postgres/tx.ts';
import { holdsBefore } from '../../store/audit.ts';
import { vendorNames } from '../../store/vendor-names.ts';
import type { Message } from '../blocks/message.ts';
import { eventMessage, type Known, namesWanted } from '../blocks/thread-events.ts';
import { type LinkOf, withLinks } from '../permalink.ts';

/** The event's message, or null where it has none. Throws as `Tx.query` does. */
export async function messageOf(
  tx: Tx,
  linkOf: LinkOf,
  batch: Batch,
  event: RecordedEvent,
): Promise<Message | null> {
  const known = await knownOf(tx, batch.id, event);
  return withLinks(linkOf, (links) => eventMessage(event, batch, { ...known, links }));
}

async function knownOf(tx: Tx, batchId: string, event: RecordedEvent): Promise<Known> {
  const wanted = namesWanted(event);
  const asksForHolds =
    event.action === 'held' || (event.action === 'chunk' && (event.evidence?.newFailures.length ?? 0) > 0);
  const [names, held] = await Promise.all([
    vendorNames(tx, wanted),
    asksForHolds ? holdsBefore(tx, batchId, event.id) : [],
  ]);
  return { names, held };
}
