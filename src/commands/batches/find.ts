// Which batch an operator means, read together with what belongs to it at one moment.
import { reading } from '../../postgres/database.ts';
import type { Tx } from '../../postgres/tx.ts';
import { readOneMoment } from '../../store/history.ts';
import { batchNamed, type Found, recounted } from '../../views/found.ts';
import type { CommandContext } from '../run-command.ts';
import { UsageError } from '../run-command.ts';

/** A large batch takes its time to recount and to write out. */
const PATIENT = reading({ statementMs: 600_000, lockMs: 10_000, idleMs: 3_600_000 });

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
  const named = await batchNamed(tx, word);
  switch (named.kind) {
    case 'one':
      return recounted(tx, named.batch);
    case 'no_id':
      throw new UsageError(`${word} is not a batch's id`);
    case 'none':
      print(`There is no batch ${word}. npm run batches -- list shows the newest.`);
      return undefined;
    case 'several':
      print(
        `More than one batch begins with ${word}: ${named.ids.join(', ')}${named.more ? ' and more' : ''}.`,
      );
      print('Give more of the id.');
      return undefined;
  }
}
