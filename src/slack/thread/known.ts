// What an event's line in the thread takes besides the event, looked up for those that take something.
import type { RecordedEvent } from '../../domain/audit.ts';
import type { Tx } from '../../postgres/tx.ts';
import { holdsBefore } from '../../store/audit.ts';
import { vendorNames } from '../../store/vendor-names.ts';
import { type Known, namesWanted } from '../blocks/thread-events.ts';

/** Throws as `Tx.query` does. */
export async function knownOf(tx: Tx, batchId: string, event: RecordedEvent): Promise<Known> {
  const wanted = namesWanted(event);
  const asksForHolds =
    event.action === 'held' || (event.action === 'chunk' && (event.evidence?.newFailures.length ?? 0) > 0);
  const [names, held] = await Promise.all([
    vendorNames(tx, wanted, wanted.length),
    asksForHolds ? holdsBefore(tx, batchId, event.id) : [],
  ]);
  return { names, held };
}
