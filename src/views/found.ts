// A batch read together with what belongs to it at one moment, for whoever shows it outside of Slack.
import type { Verification } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import type { Tx } from '../postgres/tx.ts';
import * as batches from '../store/batches.ts';
import { batchesLike, prunedAt } from '../store/history.ts';
import { recount } from '../store/recount.ts';

export type Found = {
  readonly batch: Batch;
  /** When its lists went; null while they are there. */
  readonly prunedAt: Date | null;
  /** Recounted now; null where there is nothing left to recount. */
  readonly verification: Verification | null;
};

/** So many are named where an id is meant by several. */
export const MOST_NAMED = 10;

const WHOLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type Named =
  | { readonly kind: 'one'; readonly batch: Batch }
  /** Not the beginning of any id. */
  | { readonly kind: 'no_id' | 'none' }
  /** The first of them, the newest first. */
  | { readonly kind: 'several'; readonly ids: readonly string[]; readonly more: boolean };

/** Which batch somebody means by an id or the head of one. Throws as `Tx.query` does. */
export async function batchNamed(tx: Tx, word: string): Promise<Named> {
  if (!/^[0-9a-f][0-9a-f-]{0,35}$/i.test(word)) return { kind: 'no_id' };
  if (WHOLE.test(word)) return oneOf(await batches.find(tx, word));
  const [id, ...others] = await batchesLike(tx, word, MOST_NAMED + 1);
  if (id === undefined) return { kind: 'none' };
  if (others.length === 0) return oneOf(await batches.find(tx, id));
  return { kind: 'several', ids: [id, ...others].slice(0, MOST_NAMED), more: others.length >= MOST_NAMED };
}

function oneOf(batch: Batch | undefined): Named {
  return batch === undefined ? { kind: 'none' } : { kind: 'one', batch };
}

/** The batch with its recount. Throws as `Tx.query` does, and where there is none. */
export async function readBatch(tx: Tx, id: string): Promise<Found> {
  const batch = await batches.find(tx, id);
  if (batch === undefined) throw new Error(`batch ${id} is not there`);
  return recounted(tx, batch);
}

/** A batch that was read at this moment, with its recount. Throws as `Tx.query` does. */
export async function recounted(tx: Tx, batch: Batch): Promise<Found> {
  const pruned = await prunedAt(tx, batch.id);
  const verification = pruned === null ? await recount(tx, batch.id, batch.replayedBy) : null;
  return { batch, prunedAt: pruned, verification };
}
