// Which batch an operator means, read together with what belongs to it at one moment.
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { reading } from '../../postgres/database.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { batchesLike, prunedAt, readOneMoment } from '../../store/history.ts';
import { recount } from '../../store/recount.ts';
import type { CommandContext } from '../run-command.ts';
import { UsageError } from '../run-command.ts';

/** A large batch takes its time to recount and to write out. */
const PATIENT = reading({ statementMs: 600_000, lockMs: 10_000, idleMs: 3_600_000 });

const MOST_NAMED = 10;

export type Found = {
  readonly batch: Batch;
  /** When its lists went; null while they are there. */
  readonly prunedAt: Date | null;
  /** Recounted now; null where there is nothing left to recount. */
  readonly verification: Verification | null;
};

/** Runs `work` with one read-only view of the database. */
export function atOneMoment<Result>(
  { db }: CommandContext,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async (tx) => {
    await readOneMoment(tx);
    return work(tx);
  }, PATIENT);
}

/** The batch with this id or head of an id; undefined, and said why, where there is none or more than one. */
export async function findBatch({ print }: CommandContext, tx: Tx, word: string): Promise<Found | undefined> {
  if (!/^[0-9a-f][0-9a-f-]{0,35}$/i.test(word)) throw new UsageError(`batches: ${word} is not a batch's id`);
  const [id, ...others] = await batchesLike(tx, word, MOST_NAMED + 1);
  if (id === undefined) {
    print(`There is no batch ${word}. npm run batches -- list shows the newest.`);
    return undefined;
  }
  if (others.length > 0) {
    const more = others.length >= MOST_NAMED ? ' and more' : '';
    print(
      `More than one batch begins with ${word}: ${[id, ...others].slice(0, MOST_NAMED).join(', ')}${more}.`,
    );
    print('Give more of the id.');
    return undefined;
  }
  return readBatch(tx, id);
}

/** The batch with its recount. */
export async function readBatch(tx: Tx, id: string): Promise<Found> {
  const batch = await batches.find(tx, id);
  if (batch === undefined) throw new Error(`batch ${id} is not there`);
  const pruned = await prunedAt(tx, id);
  const verification = pruned === null ? await recount(tx, id, batch.replayedBy) : null;
  return { batch, prunedAt: pruned, verification };
}
