// The index by which a failure is found when an old execution has just failed again: whether a fix looks live depends on it. OnRamp's
// database does not have it; nothing is slow without it, and less is told.
import type { Tx } from '../../postgres/tx.ts';
import { FINISHED_INDEX, hasFinishedIndex } from '../../store/live.ts';
import type { Finding } from './finding.ts';
import { missingIndex } from './indexes.ts';

const WITHOUT =
  'only executions created in the last day count as new failures, and a fix may look live while older ones fail again';

/** The index, where there is none that does the same. */
export async function finishedIndex(tx: Tx): Promise<Finding | null> {
  if (await hasFinishedIndex(tx)) return null;
  return missingIndex(tx, { ...FINISHED_INDEX, without: WITHOUT });
}
