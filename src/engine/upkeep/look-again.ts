// What changes while a batch waits, looked at again when its time has come, by whichever process comes to it first: what was
// fixed, and whether the fix looks live.
import { verdictOf } from '../../domain/live.ts';
import { type Batch, liveOf } from '../../domain/plan.ts';
import { countFixed, isDue, noteFixed } from '../../store/fixed.ts';
import { noteLive } from '../../store/live.ts';
import { failuresLike } from '../decide/ask-live.ts';
import type { EnginePorts } from '../ports.ts';

/**
 * The batch as it is by now; the same where it does not wait, or was looked at a moment ago. That other rows or another button
 * are left to approve is told to whatever shows the batch elsewhere. Throws as `Tx.query` does.
 */
export async function lookAgain(
  { db, onChange }: Pick<EnginePorts, 'db' | 'onChange'>,
  batch: Batch,
): Promise<Batch> {
  if (batch.status !== 'waiting' || batch.overdue || !(await isDue(db.autocommit, batch.id))) return batch;
  // A large plan takes a while to read: not over the connections that decide.
  const fixed = await countFixed(db.reading, batch.id);
  const live = await failuresLike(db.reading, batch.id);
  const isNews = await noteFixed(db.autocommit, batch.id, fixed);
  await noteLive(db.autocommit, batch.id, live);
  const now = { ...batch, fixed, live };
  if (isNews || isAgainst(now) !== isAgainst(batch)) onChange(batch.id);
  return now;
}

function isAgainst(batch: Batch): boolean {
  const live = liveOf(batch);
  return live !== null && verdictOf(live) === 'not_live';
}
