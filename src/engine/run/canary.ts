// The first replays of a run: one row for each vendor and error group. What they show decides which groups go on,
// which are held, and whether the run goes on at all.

import type { Canary } from '../../store/canaries.ts';
import * as canaries from '../../store/canaries.ts';
import * as holds from '../../store/holds.ts';
import { countOpen } from '../../store/open-rows.ts';
import { record } from '../record.ts';
import { pauseItself } from './pause-itself.ts';
import type { Run } from './run.ts';
import { seen } from './seen.ts';
import type { Way } from './way.ts';

/** At most so many groups are tried first, the largest; the rest follows under the breaker. */
export const MOST_CANARIES = 25;
const LOOK_AGAIN_MS = 300;

/**
 * Replays the canaries that have no verdict yet and judges their groups. A group whose canary failed is held with
 * its error; where every canary failed the run pauses and asks. Any number of processes may do this at once. Throws the trouble
 * that ended it early.
 */
export async function flyCanaries(run: Run, way: Way): Promise<void> {
  const { ports, batch } = run;
  const tx = ports.db.autocommit;
  await canaries.choose(tx, batch.id, MOST_CANARIES);
  while (!run.leave()) {
    const pending = await canaries.pending(tx, batch.id);
    if (pending.length === 0) break;
    await way.canaries(pending);
    const judged = await Promise.all(pending.map((canary) => judge(run, canary)));
    const now = await run.look();
    if (now === 'gone' || now === 'stopping') return;
    // Behind the brake the canaries wait too: nobody else may go first when it is lifted.
    if (now === 'braked' || judged.includes('still open')) await ports.clock.sleep(LOOK_AGAIN_MS);
  }
  const { passed, held, cameBack } = await canaries.verdicts(tx, batch.id);
  const open = await countOpen(tx, batch.id);
  if (!run.leave() && passed === 0 && held > 0 && open.held > 0) {
    const why = `the first replay of every group failed (${held} of ${held}), ${seen(cameBack, held)}`;
    await pauseItself(ports, batch.id, { rule: 'canary', why });
  }
}

async function judge(run: Run, canary: Canary): Promise<'judged' | 'still open'> {
  const { ports, batch } = run;
  const tx = ports.db.autocommit;
  const outcome = await canaries.outcomeOf(tx, batch.id, canary);
  switch (outcome.kind) {
    case 'open':
      return 'still open';
    case 'passed':
      await canaries.judgeGroup(tx, batch.id, canary, 'passed');
      return 'judged';
    case 'unproven': {
      // Skipped or locked at its turn: it shows nothing. The next row of the group goes first, if there is one.
      const another = await canaries.chooseNext(tx, batch.id, canary);
      if (!another) await canaries.judgeGroup(tx, batch.id, canary, 'passed');
      return 'judged';
    }
    case 'failed':
      await hold(run, canary, outcome);
      return 'judged';
  }
}

async function hold(
  run: Run,
  canary: Canary,
  { error, original }: { readonly error: string; readonly original: boolean },
): Promise<void> {
  const { ports, batch } = run;
  const { vendorId, errorGroup } = canary;
  await ports.db.transaction(async (tx) => {
    if (!(await canaries.judgeGroup(tx, batch.id, canary, 'held'))) return;
    const because = `its canary failed: ${error}`;
    const rows = await holds.hold(tx, { batchId: batch.id, vendorId, errorGroup, because, error });
    if (rows === 0) return;
    const rule = { rule: 'canary', vendor_id: vendorId, error_group: errorGroup } as const;
    const evidence = { ...rule, rows, error, original };
    await record(ports, tx, { batchId: batch.id, action: 'held', actor: run.actor, evidence });
  });
  ports.onChange(batch.id);
}
