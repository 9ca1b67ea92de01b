// The end of a run: the closing equation is counted, checked against OnRamp's tables, and written down together
// with the final status.

import { type BatchStatus, statusesBefore } from '../../domain/batch.ts';
import { missingOf } from '../../domain/customers.ts';
import type { Actor } from '../../domain/person.ts';
import { SENTRY_AFTER_SECONDS } from '../../domain/sentry.ts';
import { together } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { customerFigures } from '../../store/customer-figures.ts';
import { countOpen, giveUpRest } from '../../store/open-rows.ts';
import { recount } from '../../store/recount.ts';
import { askAfter } from '../../store/sentry.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';

/** How a batch ends, and what is said of the rows that have had no turn: they are not reached. */
export type End = {
  readonly to: Extract<BatchStatus, 'finished' | 'stopped'>;
  readonly rest: string;
  /** Whether they may have been begun all the same, by a process that can't say so any more. */
  readonly begun?: boolean;
};

/** Thrown to take the end back: rows are with the application, and nobody knows yet what becomes of them. */
class StillSent extends Error {}

/**
 * Ends the batch, with the verification as evidence. Waits for the rows in hand, and gives up the rest in the same
 * transaction. Does nothing, to the rows either, where somebody else ended the batch or moved it first, or where rows of it
 * are with the application. Throws as `Transactions.transaction` does.
 */
export async function end(ports: EnginePorts, batchId: string, how: End, by: Actor): Promise<void> {
  const { to, rest, begun = false } = how;
  const ending = ports.db.transaction(async (tx) => {
    const moved = await batches.move(tx, { batchId, to, from: statusesBefore(to), by });
    if (moved === undefined) return;
    // Behind the batch's lock: whoever marks rows holds it until they are committed.
    if (moved.replayedBy === 'endpoint' && (await countOpen(tx, batchId)).sent > 0) throw new StillSent();
    // Behind each other on one way: the recount sees what was given up.
    const [rows, verification, missing] = await together(
      giveUpRest(tx, batchId, rest, begun),
      recount(tx, batchId, moved.replayedBy),
      // A call over HTTP stores a part of its rows, and answers by customer itself.
      moved.door === 'slack' ? customerFigures(tx, batchId).then(missingOf) : null,
    );
    if (ports.sentry !== null) await askAfter(tx, batchId, SENTRY_AFTER_SECONDS);
    if (rows > 0) tx.afterCommit(() => ports.observe({ kind: 'not_reached', batchId, rows }));
    await record(ports, tx, {
      batchId,
      action: 'finished',
      actor: by,
      evidence: { status: to, ...verification, missing: missing ?? undefined },
    });
  });
  await ending.catch((error: unknown) => {
    if (!(error instanceof StillSent)) throw error;
  });
  ports.onChange(batchId);
}
