// What OnRamp's owner can do so that the bot is faster: looked up in the catalogs, the statistics and the plans of the
// bot's own statements. It reads, executes none of those statements, and changes nothing.
import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { row, type Tx } from '../../postgres/tx.ts';
import { instantColumn, instantText } from '../../store/columns.ts';
import { readOneMoment } from '../../store/history.ts';
import { asked, dryRunScans, rowsOf, type Window, wastefulDryRun, wastefulJudgement } from './dry-run.ts';
import type { Scan } from './explain.ts';
import type { Finding } from './finding.ts';
import { finishedIndex } from './finished-index.ts';
import { missingIndexes } from './indexes.ts';
import { staleStatistics } from './statistics.ts';
import { vendorIndex } from './vendor-index.ts';

export type Advice = {
  /** The window whose dry run was planned. */
  readonly window: Window;
  /** Failed executions that Postgres expects in it. */
  readonly matched: number;
  /** The most important first; empty where all is well. */
  readonly findings: readonly Finding[];
};

/** How often `advise` looks. */
export const LOOKS = 5;

/**
 * The advice for dry runs such as that of `since` to `until`, asked in a dry run's transaction; open ends are now, and
 * 24 hours before. `judgement` is what a replay's transaction would read; `onLook` hears of each look that is done.
 */
export async function advise(
  tx: Tx,
  { since, until }: { readonly since: Instant | null; readonly until: Instant | null },
  judgement: readonly Scan[],
  onLook: () => void = () => {},
): Promise<Advice> {
  await readOneMoment(tx);
  const window = await row(
    tx,
    z.object({ since: instantColumn, until: instantColumn }),
    `select ${instantText('coalesce($1, till - $3::interval)')} as since, ${instantText('till')} as until
     from (select coalesce($2::timestamptz, now()) as till) at`,
    [since, until, '24 hours'],
  );
  const look = async <Seen>(seen: Promise<Seen>): Promise<Seen> => {
    const found = await seen;
    onLook();
    return found;
  };
  const scans = await look(dryRunScans(tx, window, null));
  const matched = rowsOf(asked(scans));
  const causes = [...(await look(missingIndexes(tx))), ...(await look(staleStatistics(tx)))];
  const plans = [...wastefulDryRun(scans, matched), ...wastefulJudgement(judgement)];
  const findings = [...causes];
  // One cause for each table: what a plan suffers by is looked at again when the cause is gone.
  for (const one of plans) if (!findings.some(({ table }) => table === one.table)) findings.push(one);
  if (findings.every(({ table }) => table !== 'or_ramp_executions')) {
    const index = await look(vendorIndex(tx, window, matched));
    if (index !== null) findings.push(index);
  }
  const finished = await look(finishedIndex(tx));
  if (finished !== null) findings.push(finished);
  return { window, matched, findings };
}
