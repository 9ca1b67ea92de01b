// A batch's audit trail in lines: when, what, who, where it can be read, and the evidence in a few words.
import type { RecordedEvent } from '../../domain/audit.ts';
import type { Tx } from '../../postgres/tx.ts';
import { edgesOf } from '../../store/audit.ts';
import type { Place } from '../../store/history.ts';
import { type Column, table } from '../table.ts';
import { columns, type Line } from '../terminal.ts';
import { actorWords, shown, time } from './words.ts';

const PAGE = 500;

/** The edges, oldest first, page by page, each page a table of its own. Nothing of them is cut. */
export async function* trailLines(tx: Tx, batchId: string, place: Place | null): AsyncGenerator<Line> {
  for (let after = 0; ; ) {
    const events = await edgesOf(tx, batchId, after, PAGE);
    yield* table(columnsOf(place), events, columns(), '  ');
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) return;
    after = last.id;
  }
}

function columnsOf(place: Place | null): readonly Column<RecordedEvent>[] {
  const where = place === null ? null : `channel ${shown(place.channelId, 40)}`;
  return [
    { head: 'when', cell: ({ at }) => time(at), style: () => 'dim' },
    { head: 'what', cell: ({ written }) => shown(written.action, 40) },
    { head: 'who', cell: ({ actor }) => actorWords(actor) },
    { head: 'where', cell: () => where },
    { head: 'evidence', cell: evidenceWords },
  ];
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
