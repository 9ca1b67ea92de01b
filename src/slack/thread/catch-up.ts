// What is left to tell when a thread has fallen behind: decisions and facts all of them and in order, and of what was
// only true for a while the last. What is left out stands in the audit trail.
import { z } from 'zod';
import type { AuditAction, RecordedEvent } from '../../domain/audit.ts';
import { addChunks } from './chunk-steps.ts';

/** Notices of a moment, and what makes them old news when it came behind them. */
const OLD_NEWS: Partial<Record<AuditAction, readonly AuditAction[]>> = {
  // The report has the figures and the failures.
  chunk: ['finished'],
  continued: ['continued', 'finished'],
  reminded: ['resumed', 'continued_anyway', 'retried_held', 'stopped', 'finished'],
  paused: ['stopped'],
};

/** One holds and the other lets go again: behind both nothing is held. */
const OPPOSITES: Partial<Record<AuditAction, AuditAction>> = { paused: 'resumed', brake_on: 'brake_off' };

/** A run that paused itself found something out: that stays told. */
const foundOut = z.object({ why: z.string().min(1) });

/** The events of a backlog that still have to be told, oldest first; chunks that follow on each other as one. */
export function stillNews(backlog: readonly RecordedEvent[]): RecordedEvent[] {
  const old = new Set<number>();
  for (const [index, event] of backlog.entries()) {
    if (event.action === 'paused' && foundOut.safeParse(event.evidence).success) continue;
    const later = backlog.slice(index + 1);
    const end = later.find((one) => one.action === OPPOSITES[event.action]);
    for (const one of end ? [event, end] : []) old.add(one.id);
    if (later.some((one) => OLD_NEWS[event.action]?.includes(one.action))) old.add(event.id);
  }
  return backlog.filter((event) => !old.has(event.id)).reduce<RecordedEvent[]>(together, []);
}

function together(told: RecordedEvent[], event: RecordedEvent): RecordedEvent[] {
  const last = told.at(-1);
  const sum = last && addChunks(last, event);
  return sum ? [...told.slice(0, -1), sum] : [...told, event];
}
