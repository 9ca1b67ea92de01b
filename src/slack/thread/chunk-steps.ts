// A run's chunks as the thread tells them: those that bring a new error, each fifth of the way, and in a short run those in
// which something failed. The chunks between two steps become one event with their sums.
import type { Evidence, RecordedEvent } from '../../domain/audit.ts';

/** Beyond so many chunks, known errors wait for the next fifth (Slack contract, "While it runs"). */
const SHORT_RUN = 10;
const FIFTH = 5;

type Chunk = Evidence['chunk'];

/**
 * Folds a batch's events, given one after the other, into those to show. Chunks are summed up to the next step: one
 * that a line tells, or, where something failed, whatever else happens to the batch. Chunks after the last step are left for a
 * later call, or for the report.
 */
export function createSteps(): (event: RecordedEvent) => RecordedEvent[] {
  let open: RecordedEvent | undefined;
  let sum: Chunk | undefined;
  return (event) => {
    if (event.action !== 'chunk' || event.evidence === null) {
      // What went well may wait for its fifth.
      if (open === undefined || sum?.failed === 0) return [event];
      const before = open;
      open = sum = undefined;
      return [before, event];
    }
    sum = sum === undefined ? withFrom(event.evidence) : add(sum, event.evidence);
    const told = { ...event, evidence: sum };
    open = told;
    if (!isStep(event.evidence)) return [];
    open = sum = undefined;
    return [told];
  };
}

function isStep({ chunk, from = chunk, chunks, failed, newFailures }: Chunk): boolean {
  if (newFailures.length > 0) return true;
  if (failed > 0 && chunks <= SHORT_RUN) return true;
  const fifths = (done: number) => Math.floor((done * FIFTH) / chunks);
  // The last fifth is the report's.
  return chunk < chunks && fifths(chunk) > fifths(from - 1);
}

/** The two events as one, in the place of the later, where both are chunks. */
export function addChunks(event: RecordedEvent, next: RecordedEvent): RecordedEvent | undefined {
  if (event.action !== 'chunk' || next.action !== 'chunk') return undefined;
  return event.evidence !== null && next.evidence !== null
    ? { ...next, evidence: add(withFrom(event.evidence), next.evidence) }
    : undefined;
}

function withFrom(chunk: Chunk): Chunk {
  return { ...chunk, from: chunk.from ?? chunk.chunk };
}

function add(sum: Chunk, next: Chunk): Chunk {
  return {
    ...sum,
    chunk: next.chunk,
    succeeded: sum.succeeded + next.succeeded,
    failed: sum.failed + next.failed,
    skipped: sum.skipped + next.skipped,
    notReached: sum.notReached + next.notReached,
    putOff: sum.putOff + next.putOff,
    newFailures: [...sum.newFailures, ...next.newFailures],
  };
}
