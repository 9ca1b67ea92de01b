// A long run's chunks in some twenty steps: the chunks between two steps become one event with their sums.
import { z } from 'zod';
import type { RecordedEvent } from '../../domain/audit.ts';

/** Beyond so many chunks, not each of them gets a line in the thread (Slack contract, "While it runs"). */
const MOST_STEPS = 20;

const failure = z.object({ group: z.string(), count: z.number(), example: z.string() });

const evidence = z.object({
  /** The first of several chunks that were added up before. */
  from: z.number().optional(),
  chunk: z.number(),
  chunks: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  skipped: z.number(),
  notReached: z.number().default(0),
  putOff: z.number().default(0),
  newFailures: z.array(failure).default([]),
});

type Chunk = z.output<typeof evidence>;

/**
 * Folds a batch's events, given one after the other, into those to show. Chunks are summed up to the next step: every
 * so many, the last, one that brings a new failure, or whatever else happens to the batch, so that what is shown
 * stands for all that was given before it. Chunks after the last step are left for a later call.
 */
export function createSteps(): (event: RecordedEvent) => RecordedEvent[] {
  let open: RecordedEvent | undefined;
  let sum: Chunk | undefined;
  return (event) => {
    const parsed = event.action === 'chunk' ? evidence.safeParse(event.evidence) : undefined;
    if (!parsed?.success) {
      const before = open;
      open = sum = undefined;
      return before ? [before, event] : [event];
    }
    sum = sum === undefined ? withFrom(parsed.data) : add(sum, parsed.data);
    open = { ...event, evidence: sum };
    if (!isStep(parsed.data)) return [];
    const told = open;
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
  const [one, other] = [evidence.safeParse(event.evidence), evidence.safeParse(next.evidence)];
  return one.success && other.success
    ? { ...next, evidence: add(withFrom(one.data), other.data) }
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
