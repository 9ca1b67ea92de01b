// A request for what an ended batch left: that batch is looked up and looked at before its rows are selected and once more
// behind it, so that a dry run of a rest is of all of it or is a mistake that says why.

import { ENDED_STATUSES, shortId } from '../../domain/batch.ts';
import { inUtc } from '../../domain/instant.ts';
import { count } from '../../domain/numbers.ts';
import type { RetryRequest } from '../../domain/request.ts';
import type { Tx } from '../../postgres/tx.ts';
import { askedAlready, findSources, type Source, sourceOf, standing } from '../../store/rest.ts';
import type { EnginePorts } from '../ports.ts';
import { takeRest } from '../rest.ts';
import type { Ask, Previewed } from './ask.ts';

type Mistakes = Extract<Previewed, { kind: 'mistakes' }>;

/** The request as it is planned: with the batch's whole id, and the notifications that it takes from there. */
export type Pinned = {
  readonly kind: 'pinned';
  readonly request: RetryRequest;
  /**
   * Behind the selection: what has changed under it, or null. `runsAs` is the batch that replays the rest at once; null where
   * nobody does yet.
   */
  readonly confirm: (ports: EnginePorts, tx: Tx, ask: Ask, runsAs: string | null) => Promise<Mistakes | null>;
};

/** Looks at the batch whose rest is asked for; a request for anything else stays as it is. Throws as `Tx.query` does. */
export async function restOf(
  tx: Tx,
  ask: Ask,
): Promise<Pinned | Extract<Previewed, { kind: 'mistakes' | 'asked_already' }>> {
  const { request: asked, door, inheritsNotifications = false } = ask;
  if (asked.rest_of === null) return { kind: 'pinned', request: asked, confirm: async () => null };
  const [source, ...others] = await findSources(tx, asked.rest_of);
  if (source === undefined) return mistake(NO_BATCH);
  if (others.length > 0) {
    const ids = [source, ...others].map(({ id }) => id).join(', ');
    return mistake(`begins more than one batch's id (${ids}); give the whole of one`);
  }
  const why = whyNotWhole(source);
  if (why !== null) return mistake(why);
  const request: RetryRequest = {
    ...asked,
    rest_of: source.id,
    suppress_notifications: inheritsNotifications
      ? source.suppressNotifications
      : asked.suppress_notifications,
  };
  if (door.kind === 'slack' && door.once === true) {
    const already = await askedAlready(tx, request, door.place.channelId);
    if (already.kind === 'already') return { kind: 'asked_already', batchId: already.batchId };
  }
  return { kind: 'pinned', request, confirm: confirming(source, request) };
}

/** Why the rest of this batch can't be asked for, as what is said of the field; null where it can. Throws as `Tx.query` does. */
export async function whyNoRest(tx: Tx, batchId: string): Promise<string | null> {
  const source = await sourceOf(tx, batchId);
  return source === undefined ? NO_BATCH : whyNotWhole(source);
}

const NO_BATCH = 'names no batch: there is none with this id';

function confirming(source: Source, request: RetryRequest): Pinned['confirm'] {
  return async (ports, tx, ask, runsAs) => {
    const isTaken = runsAs === null || (await takeRest(ports, tx, { id: runsAs, request }, ask.by));
    // A retry may also have begun and ended meanwhile.
    const now = await standing(tx, source.id);
    if (isTaken && now.endedAt?.getTime() === source.endedAt?.getTime()) return null;
    return mistake(
      ENDED_STATUSES.includes(now.status)
        ? 'names a batch that was retried just now; ask again'
        : stillOpen(now),
    );
  };
}

/** Why its rows can't all be selected, as what is said of the field; null where they can. */
function whyNotWhole(source: Source): string | null {
  const { id, door, status, prunedAt, eligible, stored } = source;
  if (!ENDED_STATUSES.includes(status)) return stillOpen(source);
  if (prunedAt !== null)
    return `names batch ${shortId(id)}, whose lists were pruned on ${inUtc(prunedAt)}Z; ask with its window and filters instead`;
  if (stored === eligible) return null;
  if (door === 'http')
    return `names batch ${shortId(id)}, a call over HTTP that stored ${count(stored)} of its ${count(eligible)} eligible rows; ask with its window and filters instead: what is done is skipped`;
  return `names batch ${shortId(id)}, of which ${count(stored)} of ${count(eligible)} rows are there; ask with its window and filters instead`;
}

function stillOpen({ status }: Pick<Source, 'status'>): string {
  return `names a batch that is still ${status}; ask again when it has ended`;
}

function mistake(message: string): Mistakes {
  return { kind: 'mistakes', issues: [{ path: 'rest_of', message }] };
}
