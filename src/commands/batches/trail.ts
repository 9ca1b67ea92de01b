// A batch's audit trail in lines: when, what, who, where it can be read, and the evidence in a few words.
import type { RecordedEvent } from '../../domain/audit.ts';
import type { Tx } from '../../postgres/tx.ts';
import { edgesOf } from '../../store/audit.ts';
import type { Place } from '../../store/history.ts';
import { actorWords, shown, time } from './words.ts';

const PAGE = 500;

/** The edges, oldest first, page by page. */
export async function* trailLines(tx: Tx, batchId: string, place: Place | null): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const events = await edgesOf(tx, batchId, after, PAGE);
    for (const event of events) yield `  ${lineOf(event, place)}`;
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) return;
    after = last.id;
  }
}

function lineOf(event: RecordedEvent, place: Place | null): string {
  const where = place === null ? '' : `  channel ${shown(place.channelId, 40)}`;
  const evidence = evidenceWords(event);
  return `${time(event.at)}  ${shown(event.written.action, 40)}  ${actorWords(event.actor)}${where}${evidence === '' ? '' : `  ${evidence}`}`;
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
