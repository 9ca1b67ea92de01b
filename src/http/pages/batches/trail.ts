// A page of a batch's audit trail.
import { html } from 'hono/html';
import type { RecordedEvent } from '../../../domain/audit.ts';
import type { Place } from '../../../store/history.ts';
import { trailTable } from '../../../views/trail.ts';
import { factTable } from './facts.ts';
import { BATCHES_PATH } from './list.ts';
import { address, type Html, linkOr } from './parts.ts';

export type TrailView = {
  readonly batchId: string;
  readonly place: Place | null;
  readonly events: readonly RecordedEvent[];
  /** Behind which event this page begins, 0 for the first. */
  readonly after: number;
  readonly hasNext: boolean;
};

/** The section of the audit trail, oldest first. */
export function trailSection({ batchId, place, events, after, hasNext }: TrailView): Html {
  const to = (trail: number | null) => `${address(`${BATCHES_PATH}/${batchId}`, { trail })}#trail`;
  const last = events.at(-1)?.id ?? 0;
  const isOnePage = after === 0 && !hasNext;
  return html`<section aria-labelledby="trail"><h2 id="trail">Audit trail</h2>
<p>The oldest first, without the single replays: those are the rows above.</p>
${factTable('Who did what, when and where', trailTable(events, place))}
${isOnePage ? '' : html`<nav aria-label="Pages of the audit trail" class="pages">${linkOr('First', after === 0 ? null : to(null))} ${linkOr('Next', hasNext ? to(last) : null, 'next')}</nav>`}
</section>`;
}
