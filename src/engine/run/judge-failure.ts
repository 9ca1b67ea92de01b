// What the breaker makes of a failed replay: nothing, its vendor's rows held, or the run paused.
import * as holds from '../../store/holds.ts';
import { record } from '../record.ts';
import { type Observed, trip } from './breaker.ts';
import { pauseItself } from './pause-itself.ts';
import type { Run } from './run.ts';
import { seen } from './seen.ts';

/** Carries out the breaker's verdict on the newest of `latest`, a failure of this vendor's. Throws as `Tx.query` does. */
export async function judgeFailure(run: Run, latest: readonly Observed[], vendorId: number): Promise<void> {
  const { ports, batch, options } = run;
  const tripped = trip(options.breaker, latest, vendorId);
  if (tripped === null) return;
  if (tripped.kind === 'pause') {
    const { failed, originals, of } = tripped;
    const why = `${failed} of the last ${of} replays failed, ${seen(originals, failed)}`;
    await pauseItself(ports, batch.id, { rule: 'breaker', why });
    return;
  }
  const { error, inARow, original } = tripped;
  await ports.db.transaction(async (tx) => {
    const because = `${inARow} replays in a row failed alike: ${error}`;
    const rows = await holds.hold(tx, { batchId: batch.id, vendorId, errorGroup: null, because, error });
    if (rows === 0) return;
    const rule = { rule: 'breaker', vendor_id: vendorId, in_a_row: inARow } as const;
    const evidence = { ...rule, rows, error, original };
    await record(ports, tx, { batchId: batch.id, action: 'held', actor: run.actor, evidence });
  });
  ports.onChange(batch.id);
}
