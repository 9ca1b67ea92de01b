// A delivery on a bad day.
import type { Fault, Faults } from '../faults.ts';
import type { Sendable } from './parcel.ts';
import type { Reply } from './send-http.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Sends as the fault lets it; the person waits no longer than ever. */
export async function sendStruck(
  fault: Fault,
  faults: Faults,
  sendable: Sendable,
  timeoutMs: number,
): Promise<Reply> {
  const givenUp = (): Promise<Reply> => pause(timeoutMs).then(() => ({ kind: 'timed_out', ms: timeoutMs }));
  switch (fault.kind) {
    case 'down':
    case 'error':
    case 'html':
    case '429':
      return { kind: 'failed', reason: `fault: ${fault.kind}`, ms: 0 };
    case 'hang':
      await Promise.race([faults.cleared(fault), givenUp()]);
      return { kind: 'timed_out', ms: timeoutMs };
    case 'lost_answer': {
      const reply = await sendable.send();
      return { kind: 'timed_out', ms: reply.ms };
    }
    case 'delay': {
      // The app gets it all the same, late.
      const late = pause(fault.delayMs ?? 0).then(() => sendable.send());
      return Promise.race([late, givenUp()]);
    }
    case 'duplicate': {
      const [first] = await Promise.all([sendable.send(), sendable.send()]);
      return first;
    }
  }
}
