// Whether the fix is live, asked of the database about a batch that is there: before it is decided on, and after its run.
import { minutesBefore } from '../../domain/instant.ts';
import { DEFAULT_LIVE_MINUTES, type Failures } from '../../domain/live.ts';
import type { Tx } from '../../postgres/tx.ts';
import { keptOf } from '../../store/kin.ts';
import { askFailures, type NewFailures, newFailures } from '../../store/live.ts';

/** What comes up later than this after a run is nothing that its report tells of. */
const AFTER_THE_END_MINUTES = 5;

/** What failed like the batch's rows until now, and what succeeded since; null where it has none. Throws as `Tx.query` does. */
export async function failuresLike(tx: Tx, batchId: string): Promise<Failures | null> {
  const kept = await keptOf(tx, batchId);
  if (kept === undefined || kept.kin.groups.length === 0) return null;
  const { kin, dryRunAt, minutes } = kept;
  return askFailures(tx, { ...kin, dryRunAt, minutes: minutes ?? DEFAULT_LIVE_MINUTES });
}

/**
 * What failed like them since the run began; null where that is not known. Of what was `told` already nothing is taken back:
 * later replays mend those, too. Throws as `Tx.query` does.
 */
export async function failuresSinceStart(
  tx: Tx,
  batchId: string,
  told: NewFailures | null,
): Promise<NewFailures | null> {
  const { kin, startedAt: since, endedAt } = (await keptOf(tx, batchId)) ?? {};
  if (!kin || kin.groups.length === 0 || !since || !endedAt) return told;
  const until = minutesBefore(endedAt, -AFTER_THE_END_MINUTES);
  const found = await newFailures(tx, kin.groups, { since, until });
  return told !== null && told.count > found.count ? told : found;
}
