// A batch's audit trail as a table: when, what, who, where it can be read, and the evidence in a few words.
import type { RecordedEvent } from '../domain/audit.ts';
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

/** What is a figure or a word; lists and objects are for the export. */
function evidenceWords({ written }: RecordedEvent): string {
  return Object.entries(written.evidence)
    .flatMap(([name, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean') return [`${name}=${value}`];
      return typeof value === 'string' ? [`${name}=${shown(value, 200)}`] : [];
    })
    .join(' ');
}
