// What is left to tell when a thread has fallen behind: decisions and facts all of them and in order, and of what was
// only true for a while the last. What is left out stands in the audit trail.
import { addMinutes } from 'date-fns/addMinutes';
import { isAfter } from 'date-fns/isAfter';
import type { AuditAction, RecordedEvent } from '../../domain/audit.ts';
import { addChunks } from './chunk-steps.ts';

type News = {
  /** What makes a notice of a moment old news when it came behind it; nothing for what stays true. */
  readonly until: readonly AuditAction[];
  /** One holds and the other lets go again: behind both nothing is held. */
  readonly undoneBy?: AuditAction;
};

const FACT: News = { until: [] };

/** An action that is missing here does not compile. */
const NEWS: Readonly<Record<RecordedEvent['action'], News>> = {
  asked: FACT,
  refused: FACT,
  planned: FACT,
  approval_asked: { until: ['approved', 'cancelled', 'expired'] },
  approval_refused: FACT,
  approved: FACT,
  cancelled: FACT,
  expired: FACT,
  started: FACT,
  continued: { until: ['continued', 'finished'] },
  // The report has the figures and the failures.
  chunk: { until: ['finished'] },
  replayed: FACT,
  held: FACT,
  paused: { until: ['stopped'], undoneBy: 'resumed' },
  reminded: { until: ['resumed', 'continued_anyway', 'retried_held', 'stopped', 'finished'] },
  resumed: FACT,
  continued_anyway: FACT,
  retried_held: FACT,
  rest_taken: FACT,
  stopped: FACT,
  finished: FACT,
  owed_sent: FACT,
  pruned: FACT,
  brake_on: { until: [], undoneBy: 'brake_off' },
  brake_off: FACT,
  identity_mapped: FACT,
  identity_revoked: FACT,
  signed_in: FACT,
  sign_in_refused: FACT,
  signed_out: FACT,
  unknown: FACT,
};

/** What waited so many minutes was held up, by Slack or because no bot was there. */
const LATE_MINUTES = 1;

/** Whether the oldest event that is not told yet, where there is one, was held up at `now` (epoch milliseconds). */
export function isLate(event: RecordedEvent | undefined, now: number): boolean {
  if (event === undefined) return false;
  return isAfter(now, addMinutes(event.at, LATE_MINUTES));
}

/**
 * The events of a backlog that still have to be told, oldest first; chunks that follow on each other as one. Of what came
 * before the event `reported`, an end whose report stands above them already, the end makes some old news.
 */
export function stillNews(backlog: readonly RecordedEvent[], reported = 0): RecordedEvent[] {
  const old = new Set<number>();
  for (const [index, event] of backlog.entries()) {
    // A run that paused itself found something out: that stays told.
    if (event.action === 'paused' && event.evidence?.why !== undefined) continue;
    const { until, undoneBy } = NEWS[event.action];
    const later = backlog.slice(index + 1);
    if (event.id < reported && until.includes('finished')) old.add(event.id);
    const end = later.find((one) => one.action === undoneBy);
    for (const one of end ? [event, end] : []) old.add(one.id);
    if (later.some((one) => until.some((action) => action === one.action))) old.add(event.id);
  }
  return backlog.filter((event) => !old.has(event.id)).reduce<RecordedEvent[]>(together, []);
}

function together(told: RecordedEvent[], event: RecordedEvent): RecordedEvent[] {
  const last = told.at(-1);
  const sum = last && addChunks(last, event);
  return sum ? [...told.slice(0, -1), sum] : [...told, event];
}

/** An end that is none any more, because what was held is retried: its report gives way to the next one's. */
export function wentOn(end: RecordedEvent, events: readonly RecordedEvent[]): boolean {
  return events.some((event) => event.id > end.id && event.action === 'retried_held');
}
