// How many rows may wait for an approval: a person's own, and everybody's together.
import type { PlanSummary } from '../../domain/plan.ts';
import type { Tx } from '../../postgres/tx.ts';
import { type WaitingPlan, waitingPlans } from '../../store/plan-quota.ts';
import type { Ask, Previewed } from './ask.ts';

/** How many times the rows of one person all people's waiting plans may have. */
const EVERYBODY = 5;

/**
 * Why a plan of this size may not wait beside those that do; null where it may. Only what waits for an approval counts, and
 * not what this one takes the place of; a call over HTTP stores little. Throws as `Tx.query` does.
 */
export async function overQuota(
  tx: Tx,
  quotaRows: number,
  { door, by }: Ask,
  { matched: rows, eligible }: PlanSummary,
): Promise<Extract<Previewed, { kind: 'over_quota' }> | null> {
  if (door.kind !== 'slack' || by.kind !== 'slack' || eligible === 0) return null;
  const replaced = door.draft?.replaces;
  const all = (await waitingPlans(tx, by.userId)).filter(({ batchId }) => batchId !== replaced);
  const own = all.filter((one) => one.own);
  const over = (waiting: readonly WaitingPlan[], limit: number) =>
    rows + waiting.reduce((sum, one) => sum + one.rows, 0) > limit;
  if (over(own, quotaRows)) return { kind: 'over_quota', whose: 'own', rows, limit: quotaRows, waiting: own };
  const limit = quotaRows * EVERYBODY;
  return over(all, limit) ? { kind: 'over_quota', whose: 'all', rows, limit, waiting: all } : null;
}
