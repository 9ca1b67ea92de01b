// A batch's audit trail as a table: when, what, who, where it can be read, and the evidence in a few words.
import type { RecordedEvent } from '../domain/audit.ts';
import type { Against } from '../domain/live.ts';
import type { LiveTold } from '../domain/live-told.ts';
import type { Place } from '../store/history.ts';
import type { Table } from './table.ts';
import { actorWords, shown, time } from './words.ts';

/** These events, in their order. Nothing of them is cut. */
export function trailTable(events: readonly RecordedEvent[], place: Place | null): Table {
  const where = place === null ? null : `channel ${shown(place.channelId, 40)}`;
  return {
    heads: [{ head: 'when' }, { head: 'what' }, { head: 'who' }, { head: 'where' }, { head: 'evidence' }],
    rows: events.map((event) => [
      time(event.at),
      shown(event.written.action, 40),
      actorWords(event.actor),
      where,
      evidenceWords(event),
    ]),
  };
}

/** What is a figure or a word, and what was known of the fix; lists and other objects are for the export. */
function evidenceWords(event: RecordedEvent): string {
  const verdict = verdictWords(event);
  const words = Object.entries(event.written.evidence)
    // Of an approval the verdict says it.
    .filter(([name]) => name !== 'anyway' || verdict === null)
    .flatMap(([name, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean') return [`${name}=${value}`];
      return typeof value === 'string' ? [`${name}=${shown(value, 200)}`] : [];
    })
    .join(' ');
  return [words, verdict].filter(Boolean).join('; ');
}

const VERDICTS: Readonly<Record<LiveTold['verdict'], string>> = {
  looks_live: 'the fix looked live',
  not_proven: 'the fix was not proven',
  not_live: 'the fix did not look live',
};

const WITNESSES: Readonly<Record<Against, string>> = { failures: 'newer failures', sentry: 'Sentry' };

/** What was known of the fix when somebody approved or was refused; null where nothing is written of it. */
function verdictWords(event: RecordedEvent): string | null {
  const { evidence } = event;
  if (event.action !== 'approved' && event.action !== 'approval_refused') return null;
  if (evidence === null || !('live' in evidence) || !evidence.live) return null;
  const { verdict, against } = evidence.live;
  // Earlier releases did not write whose word it was.
  const by = against.map((one) => WITNESSES[one]).join(' and ');
  const anyway = event.action === 'approved' && verdict === 'not_live' ? ', approved all the same' : '';
  return `${VERDICTS[verdict]}${by === '' ? '' : ` (by ${by})`}${anyway}`;
}
