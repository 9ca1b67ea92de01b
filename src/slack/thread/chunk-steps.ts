// A long run's chunks in some twenty steps: the chunks between two steps become one event with their sums.
import type { Evidence, RecordedEvent } from '../../domain/audit.ts';

/** Beyond so many chunks, not each of them gets a line in the thread (Slack contract, "While it runs"). */
const MOST_STEPS = 20;

type Chunk = Evidence['chunk'];

/**
 * Folds a batch's events, given one after the other, into those to show. Chunks are summed up to the next step: every
 * so many, the last, one that brings a new failure, or whatever else happens to the batch, so that what is shown
 * stands for all that was given before it. Chunks after the last step are left for a later call.
 */
export function createSteps(): (event: RecordedEvent) => RecordedEvent[] {
  let open: RecordedEvent | undefined;
  let sum: Chunk | undefined;
  return (event) => {
    if (event.action !== 'chunk' || event.evidence === null) {
      const before = open;
      open = sum = undefined;
      return before ? [before, event] : [event];
    }
    sum = sum === undefined ? withFrom(event.evidence) : add(sum, event.evidence);
    const told = { ...event, evidence: sum };
    open = told;
    if (!isStep(event.evidence)) return [];
    open = sum = undefined;
    return [told];
  };
}

function isStep({ chunk, chunks, newFailures }: Chunk): boolean {
  const every = Math.ceil(chunks / MOST_STEPS);
  return chunk % every === 0 || chunk === chunks || newFailures.length > 0;
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
