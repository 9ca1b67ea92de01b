// A long run's chunks in some twenty steps: the chunks between two steps become one event with their sums.
import { z } from 'zod';
import type { RecordedEvent } from '../domain/audit.ts';

/** Beyond so many chunks, not each of them gets a line in the thread (Slack contract, "While it runs"). */
const MOST_STEPS = 20;

const failure = z.object({ group: z.string(), count: z.number(), example: z.string() });

const evidence = z.object({
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
 * The events to show, in order. Chunk events are summed up to the next step, the last chunk, or the first that
 * brings a new failure; chunks that have not reached a step yet are left for a later call.
 */
export function steps(events: readonly RecordedEvent[]): RecordedEvent[] {
  const shown: RecordedEvent[] = [];
  let open: Chunk | undefined;
  for (const event of events) {
    const parsed = event.action === 'chunk' ? evidence.safeParse(event.evidence) : undefined;
    if (!parsed?.success) {
      shown.push(event);
      continue;
    }
    const sum = open === undefined ? { ...parsed.data, from: parsed.data.chunk } : add(open, parsed.data);
    if (isStep(parsed.data)) {
      shown.push({ ...event, evidence: sum });
      open = undefined;
    } else {
      open = sum;
    }
  }
  return shown;
}

function isStep({ chunk, chunks, newFailures }: Chunk): boolean {
  const every = Math.ceil(chunks / MOST_STEPS);
  return chunk % every === 0 || chunk === chunks || newFailures.length > 0;
}

function add<Sum extends Chunk>(sum: Sum, next: Chunk): Sum {
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
